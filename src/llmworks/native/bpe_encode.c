/* Text to ids: cut into pieces (pretokenize.c), each piece looked up in a cache, merged when it is not there.
 *
 *     text --64 pieces at a time--> keys --cache--> ids          nearly every piece of a real text
 *                                     '--miss--> merges --> cache
 *
 * Words repeat: in English prose some 99 of 100 pieces have been seen before, so the time goes into cutting,
 * hashing and one lookup a piece. A piece of up to 15 bytes is its own key, two 64-bit words with the length in
 * the last byte; a set of the cache is one line of 64 bytes with two entries of key and ids.
 *
 * A worker is the state of one thread: cache and scratch room, a few megabytes, whatever the text. */
#include <stdlib.h>

#include "bpe_tables.h"
#include "pretokenize.h"

enum {
    BATCH = 64,        /* pieces cut before they are looked up, so that their cache lines are on the way */
    INLINE_IDS = 3,    /* more ids than this: the entry names a place in the arena */
    LONG_BYTES = 256,  /* still longer ones are not kept */
    SCRATCH_PARTS = 1 << 16, /* room for a longer piece is given back after it */
    WAYS = 4,          /* entries a set */
    SET_BITS = 15,     /* 2^15 sets of two cache lines: 4 MB */
    ARENA_BYTES = 1 << 21,
};

typedef struct {
    lw_key key;
    uint32_t count; /* ids; 0: free */
    int32_t ids[INLINE_IDS]; /* or ids[0]: place in the arena */
} entry;

typedef struct {
    entry ways[WAYS]; /* lately used ones first */
} entry_set;

typedef struct {
    const lw_tables *tables;
    entry_set *sets;
    uint8_t *arena; /* ids, and the bytes of pieces beyond LW_KEY_BYTES */
    size_t arena_used;
    /* Scratch for pieces beyond LW_SHORT_PARTS, grown as needed. */
    int32_t *parts;
    uint32_t *next, *previous;
    uint64_t *heap; /* priority << 32 | place */
    size_t scratch_room;
} lw_worker;

/* ---- merging long pieces -------------------------------------------------------------------------------- */

static void heap_push(uint64_t *heap, size_t *size, uint64_t item) {
    size_t at = (*size)++;
    for (; at > 0 && item < heap[(at - 1) / 2]; at = (at - 1) / 2) heap[at] = heap[(at - 1) / 2];
    heap[at] = item;
}

static uint64_t heap_pop(uint64_t *heap, size_t *size) {
    uint64_t top = heap[0], item = heap[--*size];
    size_t at = 0;
    for (size_t child; (child = 2 * at + 1) < *size; at = child) {
        child += child + 1 < *size && heap[child + 1] < heap[child];
        if (item <= heap[child]) break;
        heap[at] = heap[child];
    }
    heap[at] = item;
    return top;
}

static void free_scratch(lw_worker *worker) {
    free(worker->parts), free(worker->next), free(worker->previous), free(worker->heap);
    worker->parts = NULL, worker->next = worker->previous = NULL, worker->heap = NULL;
    worker->scratch_room = 0;
}

static int grow_scratch(lw_worker *worker, size_t count) {
    if (count <= worker->scratch_room) return 1;
    free_scratch(worker);
    worker->parts = malloc(count * sizeof *worker->parts);
    worker->next = malloc(count * sizeof *worker->next);
    worker->previous = malloc(count * sizeof *worker->previous);
    /* A merge takes one candidate out and puts in two at most, and there are count - 1 merges at most. */
    worker->heap = malloc(2 * count * sizeof *worker->heap);
    worker->scratch_room = count;
    if (worker->parts && worker->next && worker->previous && worker->heap) return 1;
    free_scratch(worker);
    return 0;
}

/* Priority of the merge of the part at `place` with the next one, or LW_NO_MERGE. */
static uint32_t merge_at(const lw_worker *worker, uint32_t place, size_t count) {
    uint32_t after = worker->next[place];
    if (after >= count || worker->parts[place] < 0) return LW_NO_MERGE;
    return lw_find_merge(worker->tables, worker->parts[place], worker->parts[after]);
}

static void offer(lw_worker *worker, size_t *size, uint32_t place, size_t count) {
    uint32_t priority = merge_at(worker, place, count);
    if (priority < LW_NO_MERGE) heap_push(worker->heap, size, (uint64_t)priority << 32 | place);
}

/* Many parts: a heap of candidates over a doubly linked list, O(n log n). */
static size_t merge_long(lw_worker *worker, const uint8_t *piece, size_t count, int32_t *ids) {
    if (!grow_scratch(worker, count)) return SIZE_MAX;
    int32_t *parts = worker->parts;
    uint32_t *next = worker->next, *previous = worker->previous;
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        parts[i] = worker->tables->byte_ids[piece[i]];
        next[i] = (uint32_t)i + 1;
        previous[i] = (uint32_t)i - 1;
    }
    for (size_t i = 0; i + 1 < count; i++) offer(worker, &size, (uint32_t)i, count);
    while (size > 0) {
        uint64_t best = heap_pop(worker->heap, &size);
        uint32_t place = (uint32_t)best;
        uint32_t priority = (uint32_t)(best >> 32);
        /* Out of date when one of the halves was merged meanwhile; then the pair there has an offer of its own. */
        if (merge_at(worker, place, count) != priority) continue;
        uint32_t gone = next[place];
        parts[place] = lw_result_of(worker->tables, priority);
        parts[gone] = -1;
        next[place] = next[gone];
        if (next[gone] < count) previous[next[gone]] = place;
        offer(worker, &size, place, count);
        if (place > 0) offer(worker, &size, previous[place], count);
    }
    size_t found = 0;
    for (size_t place = 0; place < count; place = next[place]) ids[found++] = parts[place];
    return found;
}

typedef struct {
    size_t start, length;
    lw_key key;
    uint64_t hash; /* of the key */
} cut_piece;

/* Ids of one piece, without the cache; ids[] has room for one a byte. SIZE_MAX: no memory. */
static size_t encode_piece(lw_worker *worker, const cut_piece *cut, const uint8_t *piece, int32_t *ids) {
    const lw_tables *tables = worker->tables;
    if (tables->whole_pieces) {
        int32_t whole = cut->length <= LW_KEY_BYTES ? lw_find_token(tables, cut->key, cut->hash)
                                                    : lw_find_long_token(tables, piece, cut->length);
        if (whole >= 0) return ids[0] = whole, 1;
    }
    if (cut->length <= LW_SHORT_PARTS) return lw_merge_short(tables, piece, cut->length, ids, NULL);
    return merge_long(worker, piece, cut->length, ids);
}

/* ---- the cache ----------------------------------------------------------------------------------------- */

/* The key of a longer piece: its hash and length. Equal keys are compared byte by byte in the arena. */
static inline lw_key key_of_long(const uint8_t *piece, size_t length) {
    return (lw_key){lw_hash(piece, length), 0x8000000000000000u | length};
}

static inline entry_set *set_of(const lw_worker *worker, uint64_t hash) {
    return &worker->sets[hash >> (64 - SET_BITS)];
}

/* Ids of an entry, copied out; more than INLINE_IDS, or a long piece, lie in the arena. */
static inline const int32_t *ids_of(const lw_worker *worker, const entry *found) {
    return found->count <= INLINE_IDS && !(found->key.high >> 63)
               ? found->ids
               : (const int32_t *)(worker->arena + (uint32_t)found->ids[0]);
}

static inline int holds(const lw_worker *worker, const entry *found, lw_key key, const uint8_t *piece) {
    if (found->key.low != key.low || found->key.high != key.high || !found->count) return 0;
    if (!(key.high >> 63)) return 1;
    const uint8_t *bytes = worker->arena + (uint32_t)found->ids[0] + found->count * sizeof(int32_t);
    return memcmp(bytes, piece, (size_t)(key.high & 0xFFFF)) == 0;
}

static void forget_all(lw_worker *worker) {
    memset(worker->sets, 0, sizeof(entry_set) << SET_BITS);
    worker->arena_used = 0;
}

/* In the first free way, or in place of the last one, which moves up when it is used again. */
static void keep(lw_worker *worker, lw_key key, uint64_t hash, const uint8_t *piece, const int32_t *ids, size_t count) {
    size_t length = key.high >> 63 ? (size_t)(key.high & 0xFFFF) : 0;
    entry fresh = {key, (uint32_t)count, {0}};
    if (count <= INLINE_IDS && length == 0) {
        memcpy(fresh.ids, ids, count * sizeof *ids);
    } else {
        size_t needed = (count * sizeof *ids + length + 3) & ~(size_t)3;
        if (worker->arena_used + needed > ARENA_BYTES) forget_all(worker);
        fresh.ids[0] = (int32_t)worker->arena_used;
        memcpy(worker->arena + worker->arena_used, ids, count * sizeof *ids);
        memcpy(worker->arena + worker->arena_used + count * sizeof *ids, piece, length);
        worker->arena_used += needed;
    }
    entry *way = set_of(worker, hash)->ways;
    for (int left = WAYS - 1; left > 0 && way->count; left--) way++;
    *way = fresh;
}

/* ---- the loop ------------------------------------------------------------------------------------------ */

/* Cut up to BATCH pieces from `pos` on and ask memory for the cache lines that they will be looked up in. */
static size_t cut_batch(const lw_worker *worker, const uint8_t *text, size_t pos, size_t length, cut_piece *cut) {
    size_t ends[BATCH];
    size_t pieces = lw_pieces(worker->tables->pattern, text, pos, length, ends, BATCH);
    for (size_t i = 0; i < pieces; pos = ends[i++]) {
        size_t size = ends[i] - pos;
        cut[i].start = pos;
        cut[i].length = size;
        cut[i].key = size <= LW_KEY_BYTES ? lw_key_of(text + pos, size, length - pos)
                                          : key_of_long(text + pos, size <= LONG_BYTES ? size : 0);
        cut[i].hash = lw_hash_key(cut[i].key);
        __builtin_prefetch(set_of(worker, cut[i].hash));
    }
    return pieces;
}

/* For the pieces that are not in the first place of their set: ask for the rest of it and for the line of the
 * vocabulary, so that the waits of many new pieces are one. */
static void foresee(const lw_worker *worker, const cut_piece *cut, size_t pieces) {
    for (size_t i = 0; i < pieces; i++) {
        const entry *ways = set_of(worker, cut[i].hash)->ways;
        if (ways[0].key.low == cut[i].key.low && ways[0].key.high == cut[i].key.high) continue;
        __builtin_prefetch(&ways[2]);
        __builtin_prefetch(lw_token_line_of(worker->tables, cut[i].hash));
    }
}

/* The entry of a piece, or NULL. One found behind the first changes places with the one before it, so that
 * frequent pieces come to stand in the first line of the set and rare ones drop out at the end. */
static inline const entry *find(const lw_worker *worker, const cut_piece *cut, const uint8_t *piece) {
    entry *ways = set_of(worker, cut->hash)->ways;
    if (holds(worker, &ways[0], cut->key, piece)) return &ways[0];
    for (int way = 1; way < WAYS; way++) {
        if (!holds(worker, &ways[way], cut->key, piece)) continue;
        entry found = ways[way];
        ways[way] = ways[way - 1];
        ways[way - 1] = found;
        return &ways[way - 1];
    }
    return NULL;
}

/* Ids of one piece into ids[], which has room for `room` of them. */
static inline size_t encode_cached(lw_worker *worker, const cut_piece *cut, const uint8_t *piece, int32_t *ids,
                                   size_t room) {
    const entry *found = find(worker, cut, piece);
    if (found && found->count <= INLINE_IDS && cut->length <= LW_KEY_BYTES && room >= INLINE_IDS) {
        memcpy(ids, found->ids, sizeof found->ids); /* a fixed size: what is too much is written over */
        return found->count;
    }
    if (found) {
        memcpy(ids, ids_of(worker, found), found->count * sizeof *ids);
        return found->count;
    }
    size_t count = encode_piece(worker, cut, piece, ids);
    if (cut->length <= LONG_BYTES && count != SIZE_MAX) keep(worker, cut->key, cut->hash, piece, ids, count);
    return count;
}

LW_EXPORT void lw_worker_free(lw_worker *worker) {
    if (!worker) return;
    free(worker->sets), free(worker->arena);
    free_scratch(worker);
    free(worker);
}

LW_EXPORT lw_worker *lw_worker_new(const lw_tables *tables) {
    lw_worker *worker = calloc(1, sizeof *worker);
    if (!worker) return NULL;
    worker->tables = tables;
    worker->sets = lw_table_memory(sizeof(entry_set) << SET_BITS);
    worker->arena = malloc(ARENA_BYTES);
    if (!worker->sets || !worker->arena) return lw_worker_free(worker), NULL;
    return worker;
}

/* Ids of text[0..length) into ids[], which has room for `length`. Returns how many; SIZE_MAX: no memory. */
LW_EXPORT size_t lw_encode(lw_worker *worker, const uint8_t *text, size_t length, int32_t *ids) {
    cut_piece cut[BATCH];
    size_t pos = 0, total = 0;
    while (pos < length) {
        size_t pieces = cut_batch(worker, text, pos, length, cut);
        foresee(worker, cut, pieces);
        for (size_t i = 0; i < pieces; i++) {
            size_t count = encode_cached(worker, &cut[i], text + cut[i].start, ids + total, length - total);
            if (count == SIZE_MAX) return SIZE_MAX;
            total += count;
        }
        pos = cut[pieces - 1].start + cut[pieces - 1].length;
        if (worker->scratch_room > SCRATCH_PARTS) free_scratch(worker);
    }
    return total;
}
