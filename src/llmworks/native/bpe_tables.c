/* Builds the tables of bpe_tables.h, once a tokenizer.
 *
 * Two kinds of vocabulary come to one form. A list of merges (Hugging Face) is the table of pairs as it is.
 * Ranks (tiktoken) merge any two tokens whose bytes joined are a token; so every token is cut in two at each
 * place, and where both halves are tokens they are a pair, with the id of the whole as priority. */
#include "bpe_tables.h"

#include <stdlib.h>

#include "pretokenize.h"

static size_t room_for(size_t count) {
    size_t size = 1024;
    while (size < 2 * count) size *= 2;
    return size;
}

static lw_merge *free_merges(size_t size) {
    lw_merge *merges = malloc(size * sizeof *merges);
    for (size_t slot = 0; merges && slot < size; slot++) merges[slot].pair = UINT64_MAX;
    return merges;
}

static void put_merge(lw_merge *merges, size_t mask, lw_merge merge) {
    size_t slot = lw_merge_slot(merge.pair, mask);
    while (merges[slot].pair != UINT64_MAX) {
        if (merges[slot].pair == merge.pair) return;
        slot = (slot + 1) & mask;
    }
    merges[slot] = merge;
}

static int grow_merges(lw_tables *tables) {
    size_t size = 2 * (tables->merge_mask + 1);
    lw_merge *larger = free_merges(size);
    if (!larger) return 0;
    for (size_t slot = 0; slot <= tables->merge_mask; slot++)
        if (tables->merges[slot].pair != UINT64_MAX) put_merge(larger, size - 1, tables->merges[slot]);
    free(tables->merges);
    tables->merges = larger;
    tables->merge_mask = size - 1;
    return 1;
}

static int add_merge(lw_tables *tables, int32_t left, int32_t right, uint32_t priority, int32_t result) {
    if (2 * ++tables->merge_count > tables->merge_mask && !grow_merges(tables)) return 0;
    uint64_t pair = (uint64_t)(uint32_t)left << 32 | (uint32_t)right;
    put_merge(tables->merges, tables->merge_mask, (lw_merge){pair, priority, result});
    return 1;
}

static void put_token(lw_tables *tables, uint32_t offset, uint32_t length, int32_t id) {
    uint64_t hash = lw_hash(tables->bytes + offset, length);
    size_t slot = hash & tables->token_mask;
    while (tables->tokens[slot].length) slot = (slot + 1) & tables->token_mask;
    tables->tokens[slot] = (lw_token){offset, length, id, (uint32_t)(hash >> 32)};
    if (length == 1) tables->byte_ids[tables->bytes[offset]] = id;
}

static int merges_from_ranks(lw_tables *tables, const uint32_t *ends, const int32_t *ids, size_t tokens) {
    for (size_t token = 0; token < tokens; token++) {
        uint32_t start = token ? ends[token - 1] : 0, length = ends[token] - start;
        const uint8_t *bytes = tables->bytes + start;
        for (uint32_t cut = 1; cut < length; cut++) {
            int32_t left = lw_find_token(tables, bytes, cut);
            int32_t right = left < 0 ? -1 : lw_find_token(tables, bytes + cut, length - cut);
            if (right >= 0 && !add_merge(tables, left, right, (uint32_t)ids[token], ids[token])) return 0;
        }
    }
    return 1;
}

LW_EXPORT void lw_bpe_free(lw_tables *tables) {
    if (!tables) return;
    free(tables->bytes);
    free(tables->tokens);
    free(tables->merges);
    free(tables);
}

/* Token i has the bytes from ends[i - 1] to ends[i] and the id ids[i]; all 256 single bytes are there.
 * merges: (left, right, result) by priority, or NULL for ranks. Returns NULL when memory runs out. */
LW_EXPORT lw_tables *lw_bpe_new(int pattern, int whole_pieces, const uint8_t *bytes, const uint32_t *ends,
                                const int32_t *ids, size_t tokens, const int32_t *merges, size_t merge_count) {
    lw_tables *tables = calloc(1, sizeof *tables);
    if (!tables) return NULL;
    tables->pattern = pattern;
    tables->whole_pieces = whole_pieces;
    tables->token_mask = room_for(tokens) - 1;
    tables->merge_mask = room_for(merges ? merge_count : tokens) - 1;
    tables->bytes = malloc(ends[tokens - 1]);
    tables->tokens = calloc(tables->token_mask + 1, sizeof *tables->tokens);
    tables->merges = free_merges(tables->merge_mask + 1);
    int whole = tables->bytes && tables->tokens && tables->merges;
    if (whole) {
        memcpy(tables->bytes, bytes, ends[tokens - 1]);
        for (size_t token = 0; token < tokens; token++) {
            uint32_t start = token ? ends[token - 1] : 0;
            put_token(tables, start, ends[token] - start, ids[token]);
        }
        if (!merges) whole = merges_from_ranks(tables, ends, ids, tokens);
        for (size_t merge = 0; merges && whole && merge < merge_count; merge++, merges += 3)
            whole = add_merge(tables, merges[0], merges[1], (uint32_t)merge, merges[2]);
    }
    if (whole) return tables;
    lw_bpe_free(tables);
    return NULL;
}
