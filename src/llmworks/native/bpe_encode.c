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
    KEY_BYTES = 15,    /* longer pieces are keyed by their hash and kept in the arena */
    LONG_BYTES = 256,  /* still longer ones are not kept */
    SCRATCH_PARTS = 1 << 16, /* room for a longer piece is given back after it */
    WAYS = 4,          /* entries a set */
    SET_BITS = 15,     /* 2^15 sets of two cache lines: 4 MB */
    ARENA_BYTES = 1 << 21,
};

typedef struct {
    uint64_t low, high; /* bytes of the piece; its length in the top byte of `high` */
} piece_key;

typedef struct {
    piece_key key;
    uint32_t count; /* ids; 0: free */
    int32_t ids[INLINE_IDS]; /* or ids[0]: place in the arena */
} entry;

typedef struct {
    entry ways[WAYS]; /* lately used ones first */
} entry_set;

typedef struct {
    const lw_tables *tables;
    entry_set *sets;
    uint8_t *arena; /* ids, and the bytes of pieces beyond KEY_BYTES */
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

/* The merge of the part at `place` with the next one, or NULL. */
static const lw_merge *merge_at(const lw_worker *worker, uint32_t place, size_t count) {
    uint32_t after = worker->next[place];
    if (after >= count || worker->parts[place] < 0) return NULL;
    return lw_find_merge(worker->tables, worker->parts[place], worker->parts[after]);
}

static void offer(lw_worker *worker, size_t *size, uint32_t place, size_t count) {
    const lw_merge *merge = merge_at(worker, place, count);
    if (merge) heap_push(worker->heap, size, (uint64_t)merge->priority << 32 | place);
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
        const lw_merge *merge = merge_at(worker, place, count);
        /* Out of date when one of the halves was merged meanwhile; then the pair there has an offer of its own. */
        if (!merge || merge->priority != best >> 32) continue;
        uint32_t gone = next[place];
        parts[place] = merge->result;
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

/* Ids of one piece, without the cache; ids[] has room for one a byte. SIZE_MAX: no memory. */
static size_t encode_piece(lw_worker *worker, const uint8_t *piece, size_t length, int32_t *ids) {
    if (worker->tables->whole_pieces) {
        int32_t whole = lw_find_token(worker->tables, piece, length);
        if (whole >= 0) return ids[0] = whole, 1;
    }
    if (length <= LW_SHORT_PARTS) return lw_merge_short(worker->tables, piece, length, ids, NULL);
    return merge_long(worker, piece, length, ids);
}

/* ---- the cache ----------------------------------------------------------------------------------------- */

/* The piece as its own key. `room` bytes from `piece` on may be read. */
static inline piece_key key_of(const uint8_t *piece, size_t length, size_t room) {
    piece_key key = {0, 0};
    if (room >= 16) {
        memcpy(&key, piece, 16);
        /* Shifts by 64 are not defined in C, hence two steps; length is 1 to 15. */
        if (length <= 8) {
            key.low = key.low << (64 - 8 * length) >> (64 - 8 * length);
            key.high = 0;
        } else {
            key.high = key.high << (128 - 8 * length) >> (128 - 8 * length);
        }
    } else {
        memcpy(&key, piece, length);
    }
    key.high |= (uint64_t)length << 56;
    return key;
}

/* The key of a longer piece: its hash and length. Equal keys are compared byte by byte in the arena. */
static inline piece_key key_of_long(const uint8_t *piece, size_t length) {
    return (piece_key){lw_hash(piece, length), 0x8000000000000000u | length};
}

static inline entry_set *set_of(const lw_worker *worker, piece_key key) {
    uint64_t hash = lw_mix(key.low ^ 0x9E3779B97F4A7C15u, key.high ^ 0xD6E8FEB86659FD93u);
    return &worker->sets[hash >> (64 - SET_BITS)];
}

/* Ids of an entry, copied out; more than INLINE_IDS, or a long piece, lie in the arena. */
static inline const int32_t *ids_of(const lw_worker *worker, const entry *found) {
    return found->count <= INLINE_IDS && !(found->key.high >> 63)
               ? found->ids
               : (const int32_t *)(worker->arena + (uint32_t)found->ids[0]);
}

static inline int holds(const lw_worker *worker, const entry *found, piece_key key, const uint8_t *piece) {
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
static void keep(lw_worker *worker, piece_key key, const uint8_t *piece, const int32_t *ids, size_t count) {
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
    entry *way = set_of(worker, key)->ways;
    for (int left = WAYS - 1; left > 0 && way->count; left--) way++;
    *way = fresh;
}

/* ---- the loop ------------------------------------------------------------------------------------------ */

typedef struct {
    size_t start, length;
    piece_key key;
    entry_set *set;
} cut_piece;

/* Cut up to BATCH pieces from `pos` on and ask memory for the cache lines that they will be looked up in. */
static size_t cut_batch(const lw_worker *worker, const uint8_t *text, size_t pos, size_t length, cut_piece *cut) {
    size_t ends[BATCH];
    size_t pieces = lw_pieces(worker->tables->pattern, text, pos, length, ends, BATCH);
    for (size_t i = 0; i < pieces; pos = ends[i++]) {
        size_t size = ends[i] - pos;
        cut[i].start = pos;
        cut[i].length = size;
        cut[i].key = size <= KEY_BYTES ? key_of(text + pos, size, length - pos)
                                       : key_of_long(text + pos, size <= LONG_BYTES ? size : 0);
        cut[i].set = set_of(worker, cut[i].key);
        __builtin_prefetch(cut[i].set);
    }
    return pieces;
}

/* The entry of a piece, or NULL. One found behind the first changes places with the one before it, so that
 * frequent pieces come to stand in the first line of the set and rare ones drop out at the end. */
static inline const entry *find(const lw_worker *worker, const cut_piece *cut, const uint8_t *piece) {
    entry *ways = cut->set->ways;
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
    if (found && found->count <= INLINE_IDS && cut->length <= KEY_BYTES && room >= INLINE_IDS) {
        memcpy(ids, found->ids, sizeof found->ids); /* a fixed size: what is too much is written over */
        return found->count;
    }
    if (found) {
        memcpy(ids, ids_of(worker, found), found->count * sizeof *ids);
        return found->count;
    }
    size_t count = encode_piece(worker, piece, cut->length, ids);
    if (cut->length <= LONG_BYTES && count != SIZE_MAX) keep(worker, cut->key, piece, ids, count);
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
