/* How often each pre-token occurs: the first half of BPE training, the only one that sees the whole corpus.
 *
 *     "the cat the"  ->  { "the": 1, " cat": 1, " the": 1 }
 *
 * An open-addressing hash table with 24-byte slots. English pieces are mostly shorter than 16 bytes, so a
 * piece of up to 15 lies in the slot itself, and finding it touches one cache line:
 *
 *     key.bytes[0..15)  the piece, padded with zeros     key.bytes[15]  its length
 *
 * A longer piece lies in an arena; its slot holds its hash, its place there, and LONG_PIECE as length.
 */
#include "piece_counter.h"

#include <stdlib.h>
#include <string.h>

#define SHORT_PIECE 15
#define LONG_PIECE 0xFF
#define FIRST_SLOTS ((size_t)1 << 12)
#define BATCH 512

typedef union {
    uint8_t bytes[16];
    uint64_t words[2];
    struct {
        uint64_t hash;
        uint64_t place; /* in the arena; its top byte is bytes[15], which no real place reaches */
    } large;
} piece_key;

typedef struct {
    piece_key key;
    uint64_t count; /* 0: the slot is free */
} piece_slot;

struct lw_counter {
    piece_slot *slots;
    size_t n_slots; /* a power of two */
    size_t used;
    uint64_t total;
    uint8_t *arena; /* the long pieces, each behind its length (a uint64_t) */
    size_t arena_used, arena_room;
};

lw_counter *lw_counter_new(void) {
    lw_counter *counter = calloc(1, sizeof *counter);
    if (!counter) return NULL;
    counter->n_slots = FIRST_SLOTS;
    counter->slots = calloc(counter->n_slots, sizeof(piece_slot));
    if (counter->slots) return counter;
    free(counter);
    return NULL;
}

void lw_counter_free(lw_counter *counter) {
    if (!counter) return;
    free(counter->slots);
    free(counter->arena);
    free(counter);
}

uint64_t lw_counter_unique(const lw_counter *counter) { return counter->used; }
uint64_t lw_counter_total(const lw_counter *counter) { return counter->total; }

/* ---- Hashing: a 64 x 64 -> 128 bit product, its halves folded together (as wyhash does) ---- */

static inline uint64_t mix(uint64_t a, uint64_t b) {
    unsigned __int128 product = (unsigned __int128)(a ^ 0x9E3779B97F4A7C15u) * (b ^ 0xD1B54A32D192ED03u);
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t hash_long(const uint8_t *bytes, size_t length) {
    uint64_t hash = length, word[2];
    for (; length >= 16; bytes += 16, length -= 16) {
        memcpy(word, bytes, 16);
        hash = mix(word[0] ^ hash, word[1]);
    }
    word[0] = word[1] = 0;
    memcpy(word, bytes, length);
    return mix(word[0] ^ hash, word[1]);
}

/* ---- The table ---- */

static inline size_t first_slot(const lw_counter *counter, const piece_key *key) {
    uint64_t hash = key->bytes[15] == LONG_PIECE ? key->large.hash : mix(key->words[0], key->words[1]);
    return hash & (counter->n_slots - 1);
}

static bool grow_table(lw_counter *counter) {
    piece_slot *old = counter->slots;
    size_t n_old = counter->n_slots;
    piece_slot *slots = calloc(2 * n_old, sizeof *slots);
    if (!slots) return false;
    counter->slots = slots;
    counter->n_slots = 2 * n_old;
    for (size_t i = 0; i < n_old; i++) {
        if (!old[i].count) continue;
        size_t at = first_slot(counter, &old[i].key);
        while (slots[at].count) at = (at + 1) & (counter->n_slots - 1);
        slots[at] = old[i];
    }
    free(old);
    return true;
}

/* Take the free slot `slot` for a new key. The table stays at most three quarters full. */
static bool take_slot(lw_counter *counter, piece_slot *slot, const piece_key *key, uint64_t count) {
    slot->key = *key;
    slot->count = count;
    counter->used++;
    return counter->used * 4 < counter->n_slots * 3 || grow_table(counter);
}

static inline bool add_short(lw_counter *counter, const piece_key *key, uint64_t count) {
    size_t at = first_slot(counter, key);
    for (;; at = (at + 1) & (counter->n_slots - 1)) {
        piece_slot *slot = &counter->slots[at];
        if (!slot->count) return take_slot(counter, slot, key, count);
        if (slot->key.words[0] == key->words[0] && slot->key.words[1] == key->words[1]) {
            slot->count += count;
            return true;
        }
    }
}

static inline uint64_t arena_place(const piece_key *key) { return key->large.place & (UINT64_MAX >> 8); }

static bool store_long(lw_counter *counter, piece_key *key, const uint8_t *bytes, uint64_t length) {
    size_t needed = counter->arena_used + sizeof length + length;
    if (needed > counter->arena_room) {
        size_t room = needed + needed / 2 + 4096;
        uint8_t *arena = realloc(counter->arena, room);
        if (!arena) return false;
        counter->arena = arena;
        counter->arena_room = room;
    }
    memcpy(counter->arena + counter->arena_used, &length, sizeof length);
    memcpy(counter->arena + counter->arena_used + sizeof length, bytes, length);
    key->large.place = counter->arena_used;
    key->bytes[15] = LONG_PIECE;
    counter->arena_used = needed;
    return true;
}

static bool is_stored(const lw_counter *counter, const piece_key *key, const uint8_t *bytes, size_t length) {
    uint64_t stored;
    const uint8_t *record = counter->arena + arena_place(key);
    memcpy(&stored, record, sizeof stored);
    return stored == length && !memcmp(record + sizeof stored, bytes, length);
}

static bool add_long(lw_counter *counter, const uint8_t *bytes, size_t length, uint64_t count) {
    piece_key key = {.large = {hash_long(bytes, length), 0}};
    size_t at = key.large.hash & (counter->n_slots - 1);
    for (;; at = (at + 1) & (counter->n_slots - 1)) {
        piece_slot *slot = &counter->slots[at];
        if (!slot->count)
            return store_long(counter, &key, bytes, length) && take_slot(counter, slot, &key, count);
        if (slot->key.bytes[15] == LONG_PIECE && slot->key.large.hash == key.large.hash &&
            is_stored(counter, &slot->key, bytes, length)) {
            slot->count += count;
            return true;
        }
    }
}

/* ---- From text to counts ---- */

/* The key of a short piece; `readable` bytes may be read from `bytes` on. */
static inline piece_key short_key(const uint8_t *bytes, size_t length, size_t readable) {
    piece_key key = {.words = {0, 0}};
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    if (readable >= 16) { /* load all 16 and mask: several times quicker than a memcpy of unknown length */
        memcpy(key.bytes, bytes, 16);
        if (length < 8) {
            key.words[0] &= ((uint64_t)1 << 8 * length) - 1;
            key.words[1] = 0;
        } else {
            key.words[1] &= ((uint64_t)1 << 8 * (length - 8)) - 1;
        }
        key.words[1] |= (uint64_t)length << 56;
        return key;
    }
#else
    (void)readable;
#endif
    memcpy(key.bytes, bytes, length);
    key.bytes[15] = (uint8_t)length;
    return key;
}

static inline bool add_piece(lw_counter *counter, const uint8_t *bytes, size_t length, size_t readable) {
    counter->total++;
    if (length > SHORT_PIECE) return add_long(counter, bytes, length, 1);
    piece_key key = short_key(bytes, length, readable);
    return add_short(counter, &key, 1);
}

bool lw_counter_add(lw_counter *counter, int pattern, const uint8_t *text, const uint64_t *ends, size_t n) {
    size_t pieces[BATCH], from = 0, text_end = n ? ends[n - 1] : 0;
    for (size_t document = 0; document < n; document++) {
        while (from < ends[document]) {
            size_t n_pieces = lw_pieces(pattern, text, from, ends[document], pieces, BATCH);
            for (size_t i = 0; i < n_pieces; from = pieces[i++])
                if (!add_piece(counter, text + from, pieces[i] - from, text_end - from)) return false;
        }
    }
    return true;
}

bool lw_counter_next(const lw_counter *counter, size_t *slot, lw_piece_count *piece) {
    while (*slot < counter->n_slots && !counter->slots[*slot].count) ++*slot;
    if (*slot == counter->n_slots) return false;
    const piece_slot *found = &counter->slots[(*slot)++];
    piece->count = found->count;
    if (found->key.bytes[15] == LONG_PIECE) {
        const uint8_t *record = counter->arena + arena_place(&found->key);
        uint64_t length;
        memcpy(&length, record, sizeof length);
        piece->length = length;
        piece->bytes = record + sizeof length;
    } else {
        piece->length = found->key.bytes[15];
        piece->bytes = found->key.bytes;
    }
    return true;
}

bool lw_counter_absorb(lw_counter *counter, const lw_counter *other) {
    lw_piece_count piece;
    for (size_t slot = 0; lw_counter_next(other, &slot, &piece);) {
        bool added;
        if (piece.length > SHORT_PIECE) {
            added = add_long(counter, piece.bytes, piece.length, piece.count);
        } else {
            piece_key key = short_key(piece.bytes, piece.length, piece.length);
            added = add_short(counter, &key, piece.count);
        }
        if (!added) return false;
        counter->total += piece.count;
    }
    return true;
}
