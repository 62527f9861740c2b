/* What a BPE vocabulary knows: bytes -> id, and (left, right) -> priority -> result.
 *
 * A piece that is new costs a handful of lookups at random places, and a lookup that misses the near caches
 * costs as much as a hundred instructions. So the tables are small and answer from one line of 64 bytes:
 *
 *     token of up to 15 bytes   three keys with their ids a line; the key is the bytes, nothing else to compare
 *     merge of two bytes        a plain array by the two bytes
 *     merge of two tokens       8 bytes: what of the pair's hash the place does not say, and the priority */
#ifndef LW_BPE_TABLES_H
#define LW_BPE_TABLES_H
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
    LW_FILTER_BITS = 20,
    LW_SHORT_PARTS = 64,       /* lw_merge_short takes pieces of up to so many bytes */
    LW_KEY_BYTES = 15,         /* a piece of up to so many bytes is its own key */
    LW_NO_MERGE = (1 << 24) - 1, /* priorities and ids are less */
};

/* Zeroed memory for a table that is read at random, freed with free(): in pages of 2 MB where the system gives
 * them, since a miss in the page tables costs as much as one in the cache. */
void *lw_table_memory(size_t bytes);

typedef struct {
    uint64_t low, high; /* bytes of the piece; its length in the top byte of `high` */
} lw_key;

typedef struct {
    lw_key keys[3]; /* high 0: free. When none is, the search goes on in the next line */
    int32_t ids[3];
    uint32_t unused;
} lw_token_line;

typedef struct {
    uint32_t offset, length; /* its bytes in lw_tables.bytes; length 0: a free slot */
    int32_t id;
    uint32_t hash;
} lw_long_token;

typedef struct {
    int32_t left, right, result;
    uint32_t priority; /* lower merges first */
} lw_merge;

typedef struct {
    int pattern;      /* enum lw_pattern */
    int whole_pieces; /* a piece that is a token needs no merges */
    int32_t byte_ids[256];
    uint8_t *bytes;
    lw_token_line *tokens;
    lw_long_token *long_tokens; /* those beyond LW_KEY_BYTES */
    uint64_t *pairs;            /* hash of the pair << 8 | priority; UINT64_MAX: a free slot */
    int pair_shift;             /* the slot is hash >> pair_shift */
    int32_t *results;           /* by priority; NULL: the result is priority + result_shift */
    int32_t result_shift;
    lw_merge *merges; /* the list that `pairs` is made of */
    size_t token_mask, long_mask, pair_mask, merge_count, merge_room; /* sizes are powers of two */
    uint32_t byte_pairs[1 << 16]; /* priority of the merge of two bytes */
    /* A bit for each merge, by hash: most neighbours do not merge, and 128 kB in a near cache say so. */
    uint64_t filter[1 << (LW_FILTER_BITS - 6)];
} lw_tables;

static inline uint64_t lw_mix(uint64_t a, uint64_t b) {
    __uint128_t product = (__uint128_t)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* A hash of any bytes, 8 at a time. */
static inline uint64_t lw_hash(const uint8_t *bytes, size_t length) {
    uint64_t hash = length * 0x9E3779B97F4A7C15u, word;
    for (; length >= 8; bytes += 8, length -= 8) {
        memcpy(&word, bytes, 8);
        hash = lw_mix(hash ^ word, 0xA0761D6478BD642Fu);
    }
    word = 0;
    memcpy(&word, bytes, length);
    return lw_mix(hash ^ word, 0xE7037ED1A0B428DBu);
}

/* The piece as its own key; its length is 1 to LW_KEY_BYTES. `room` bytes from `piece` on may be read. */
static inline lw_key lw_key_of(const uint8_t *piece, size_t length, size_t room) {
    lw_key key = {0, 0};
    if (room >= 16) {
        memcpy(&key, piece, 16);
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

static inline uint64_t lw_hash_key(lw_key key) {
    return lw_mix(key.low ^ 0x9E3779B97F4A7C15u, key.high ^ 0xD6E8FEB86659FD93u);
}

static inline const lw_token_line *lw_token_line_of(const lw_tables *tables, uint64_t hash_of_key) {
    return &tables->tokens[hash_of_key & tables->token_mask];
}

/* Id of the token with this key, or -1. */
static inline int32_t lw_find_token(const lw_tables *tables, lw_key key, uint64_t hash_of_key) {
    for (size_t at = hash_of_key & tables->token_mask;; at = (at + 1) & tables->token_mask) {
        const lw_token_line *line = &tables->tokens[at];
        for (int way = 0; way < 3; way++)
            if (line->keys[way].low == key.low && line->keys[way].high == key.high) return line->ids[way];
        if (!line->keys[2].high) return -1;
    }
}

/* Id of a token of more than LW_KEY_BYTES bytes, or -1. */
static inline int32_t lw_find_long_token(const lw_tables *tables, const uint8_t *bytes, size_t length) {
    uint64_t hash = lw_hash(bytes, length);
    for (size_t slot = hash & tables->long_mask;; slot = (slot + 1) & tables->long_mask) {
        const lw_long_token *token = &tables->long_tokens[slot];
        if (token->length == 0) return -1;
        if (token->hash == (uint32_t)(hash >> 32) && token->length == length &&
            memcmp(tables->bytes + token->offset, bytes, length) == 0)
            return token->id;
    }
}

/* Two ids of 24 bits in the upper 48, times an odd number: no two pairs have the same hash, and its lower 16 bits
 * are 0. The place of an entry says the uppermost bits, the entry itself all others (the search for a pair passes
 * fewer slots than would let their uppermost 8 bits differ, which lay_out_pairs sees to). */
static inline uint64_t lw_hash_pair(int32_t left, int32_t right) {
    return ((uint64_t)(uint32_t)left << 40 | (uint64_t)(uint32_t)right << 16) * 0x9E3779B97F4A7C15u;
}

/* Priority of the merge of two neighbours, or LW_NO_MERGE. */
static inline uint32_t lw_find_merge(const lw_tables *tables, int32_t left, int32_t right) {
    uint64_t hash = lw_hash_pair(left, right), bit = hash >> (64 - LW_FILTER_BITS), tag = hash << 8;
    if (!(tables->filter[bit >> 6] >> (bit & 63) & 1)) return LW_NO_MERGE;
    for (size_t slot = hash >> tables->pair_shift;; slot = (slot + 1) & tables->pair_mask) {
        uint64_t entry = tables->pairs[slot];
        if ((entry ^ tag) <= LW_NO_MERGE) return (uint32_t)(entry ^ tag);
        if (entry == UINT64_MAX) return LW_NO_MERGE;
    }
}

/* Asks memory for what lw_find_merge will read. */
static inline void lw_expect_merge(const lw_tables *tables, int32_t left, int32_t right) {
    uint64_t hash = lw_hash_pair(left, right);
    __builtin_prefetch(&tables->filter[hash >> (64 - LW_FILTER_BITS + 6)]);
    __builtin_prefetch(&tables->pairs[hash >> tables->pair_shift]);
}

static inline int32_t lw_result_of(const lw_tables *tables, uint32_t priority) {
    return tables->results ? tables->results[priority] : (int32_t)priority + tables->result_shift;
}

/* Merge a piece of at most LW_SHORT_PARTS bytes; its ids into ids[], returns how many. `last`, where it is
 * not NULL, gets the pair that was merged last. */
size_t lw_merge_short(const lw_tables *tables, const uint8_t *piece, size_t count, int32_t *ids, lw_merge *last);

#endif
