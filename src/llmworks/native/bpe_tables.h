/* What a BPE vocabulary knows, as two hash tables: bytes -> id, and (left, right) -> (priority, result). */
#ifndef LW_BPE_TABLES_H
#define LW_BPE_TABLES_H
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
    LW_FILTER_BITS = 20,
    LW_SHORT_PARTS = 64, /* lw_merge_short takes pieces of up to so many bytes */
};

/* Zeroed memory for a table that is read at random, freed with free(): in pages of 2 MB where the system gives
 * them, since a miss in the page tables costs as much as one in the cache. */
void *lw_table_memory(size_t bytes);

typedef struct {
    uint32_t offset, length; /* its bytes in lw_tables.bytes; length 0: a free slot */
    int32_t id;
    uint32_t hash;
} lw_token;

typedef struct {
    uint64_t pair;     /* left << 32 | right; UINT64_MAX: a free slot */
    uint32_t priority; /* lower merges first */
    int32_t result;
} lw_merge;

typedef struct {
    int pattern;      /* enum lw_pattern */
    int whole_pieces; /* a piece that is a token needs no merges */
    int32_t byte_ids[256];
    uint8_t *bytes;
    lw_token *tokens;
    lw_merge *merges;
    size_t token_mask, merge_mask, merge_count; /* sizes are powers of two, at most half full */
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

/* Id of the token with these bytes, or -1. */
static inline int32_t lw_find_token(const lw_tables *tables, const uint8_t *bytes, size_t length) {
    uint64_t hash = lw_hash(bytes, length);
    for (size_t slot = hash & tables->token_mask;; slot = (slot + 1) & tables->token_mask) {
        const lw_token *token = &tables->tokens[slot];
        if (token->length == 0) return -1;
        if (token->hash == (uint32_t)(hash >> 32) && token->length == length &&
            memcmp(tables->bytes + token->offset, bytes, length) == 0)
            return token->id;
    }
}

static inline uint64_t lw_pair_of(int32_t left, int32_t right) {
    return (uint64_t)(uint32_t)left << 32 | (uint32_t)right;
}

static inline uint64_t lw_hash_pair(uint64_t pair) { return lw_mix(pair ^ 0x9E3779B97F4A7C15u, 0xA0761D6478BD642Fu); }

/* The merge of two neighbours, or NULL. */
static inline const lw_merge *lw_find_merge(const lw_tables *tables, int32_t left, int32_t right) {
    uint64_t pair = lw_pair_of(left, right), hash = lw_hash_pair(pair), bit = hash >> (64 - LW_FILTER_BITS);
    if (!(tables->filter[bit >> 6] >> (bit & 63) & 1)) return NULL;
    for (size_t slot = hash & tables->merge_mask;; slot = (slot + 1) & tables->merge_mask) {
        const lw_merge *merge = &tables->merges[slot];
        if (merge->pair == pair) return merge;
        if (merge->pair == UINT64_MAX) return NULL;
    }
}

/* Merge a piece of at most LW_SHORT_PARTS bytes; its ids into ids[], returns how many. `last`, where it is
 * not NULL, gets the pair that was merged last. */
size_t lw_merge_short(const lw_tables *tables, const uint8_t *piece, size_t count, int32_t *ids, uint64_t *last);

#endif
