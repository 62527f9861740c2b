/* Builds the tables of bpe_tables.h, once a tokenizer.
 *
 * Two kinds of vocabulary come to one form. A list of merges (Hugging Face) is the table of pairs as it is.
 * Ranks (tiktoken) merge any two tokens whose bytes joined are a token, the lowest rank first; so every token
 * is cut in two at each place, and where both halves are tokens they are a pair, with the whole's id as
 * priority. Of these pairs nearly always only one a token can ever meet, see `merges_from_ranks`. */
#define _DEFAULT_SOURCE /* for madvise */
#include "bpe_tables.h"

#include <stdlib.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif

#include "pretokenize.h"

void *lw_table_memory(size_t bytes) {
    const size_t page = bytes < (1 << 21) ? 4096 : 1 << 21;
    size_t whole = (bytes + page - 1) & ~(page - 1);
    void *memory = aligned_alloc(page, whole);
    if (!memory) return NULL;
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    if (page > 4096) madvise(memory, whole, MADV_HUGEPAGE);
#endif
    return memset(memory, 0, whole);
}

static size_t room_for(size_t count) {
    size_t size = 1024;
    while (size < 2 * count) size *= 2;
    return size;
}

/* An empty table of merges with room for `count`. */
static int start_merges(lw_tables *tables, size_t count) {
    size_t size = room_for(count);
    free(tables->merges);
    tables->merges = lw_table_memory(size * sizeof *tables->merges);
    tables->merge_mask = size - 1;
    tables->merge_count = 0;
    memset(tables->filter, 0, sizeof tables->filter);
    for (size_t slot = 0; tables->merges && slot < size; slot++) tables->merges[slot].pair = UINT64_MAX;
    return tables->merges != NULL;
}

/* The first of equal pairs stays. */
static void put_merge(lw_tables *tables, lw_merge merge) {
    uint64_t hash = lw_hash_pair(merge.pair), bit = hash >> (64 - LW_FILTER_BITS);
    size_t slot = hash & tables->merge_mask;
    while (tables->merges[slot].pair != UINT64_MAX) {
        if (tables->merges[slot].pair == merge.pair) return;
        slot = (slot + 1) & tables->merge_mask;
    }
    tables->merges[slot] = merge;
    tables->merge_count++;
    tables->filter[bit >> 6] |= (uint64_t)1 << (bit & 63);
}

static int grow_merges(lw_tables *tables) {
    lw_merge *old = tables->merges;
    size_t size = tables->merge_mask + 1;
    tables->merges = NULL;
    int grown = start_merges(tables, size);
    for (size_t slot = 0; grown && slot < size; slot++)
        if (old[slot].pair != UINT64_MAX) put_merge(tables, old[slot]);
    free(old);
    return grown;
}

static int add_merge(lw_tables *tables, uint64_t pair, uint32_t priority, int32_t result) {
    if (2 * (tables->merge_count + 1) > tables->merge_mask && !grow_merges(tables)) return 0;
    put_merge(tables, (lw_merge){pair, priority, result});
    return 1;
}

static void put_token(lw_tables *tables, uint32_t offset, uint32_t length, int32_t id) {
    uint64_t hash = lw_hash(tables->bytes + offset, length);
    size_t slot = hash & tables->token_mask;
    while (tables->tokens[slot].length) slot = (slot + 1) & tables->token_mask;
    tables->tokens[slot] = (lw_token){offset, length, id, (uint32_t)(hash >> 32)};
    if (length == 1) tables->byte_ids[tables->bytes[offset]] = id;
}

typedef struct {
    const uint32_t *ends; /* token i has the bytes from ends[i - 1] to ends[i] */
    const int32_t *ids;
    size_t count;
} token_list;

static uint32_t start_of(const token_list *list, size_t token) { return token ? list->ends[token - 1] : 0; }

/* Every two tokens whose bytes joined are this token. */
static int add_every_pair(lw_tables *tables, const token_list *list, size_t token) {
    uint32_t start = start_of(list, token), length = list->ends[token] - start;
    const uint8_t *bytes = tables->bytes + start;
    int32_t id = list->ids[token];
    for (uint32_t cut = 1; cut < length; cut++) {
        int32_t left = lw_find_token(tables, bytes, cut);
        int32_t right = left < 0 ? -1 : lw_find_token(tables, bytes + cut, length - cut);
        if (right >= 0 && !add_merge(tables, lw_pair_of(left, right), (uint32_t)id, id)) return 0;
    }
    return 1;
}

/* The pair that a token is made of in the end when its bytes are merged; NO_PAIR when they do not come to it. */
#define NO_PAIR UINT64_MAX
static uint64_t last_merge(const lw_tables *tables, const token_list *list, size_t token) {
    uint32_t start = start_of(list, token), length = list->ends[token] - start;
    int32_t ids[LW_SHORT_PARTS];
    uint64_t last = NO_PAIR;
    if (length < 2 || length > LW_SHORT_PARTS) return NO_PAIR;
    size_t parts = lw_merge_short(tables, tables->bytes + start, length, ids, &last);
    return parts == 1 && ids[0] == list->ids[token] ? last : NO_PAIR;
}

/* A token t that, merged from its bytes, comes to itself can be made by its own last merge only: neighbours
 * x y with the bytes of t have arisen as in t alone, since nothing was merged across their ends, and t alone
 * went on from x y to t. So one pair a token is enough, a third of all; the table is smaller for it. */
static int merges_from_ranks(lw_tables *tables, const token_list *list) {
    uint64_t *last = malloc(list->count * sizeof *last);
    int whole = last != NULL;
    for (size_t token = 0; whole && token < list->count; token++) whole = add_every_pair(tables, list, token);
    for (size_t token = 0; whole && token < list->count; token++) last[token] = last_merge(tables, list, token);
    if (whole) whole = start_merges(tables, list->count);
    for (size_t token = 0; whole && token < list->count; token++) {
        uint32_t id = (uint32_t)list->ids[token];
        whole = last[token] == NO_PAIR ? add_every_pair(tables, list, token)
                                       : add_merge(tables, last[token], id, (int32_t)id);
    }
    free(last);
    return whole;
}

size_t lw_merge_short(const lw_tables *tables, const uint8_t *piece, size_t count, int32_t *ids, uint64_t *last) {
    /* A part keeps the place of its first byte; bit i of `live` says that a part starts at i. offers[i] is
     * the merge of the part at i with the next, as priority << 6 | i: the least is the next to do. */
    const uint32_t none = UINT32_MAX;
    int32_t parts[LW_SHORT_PARTS], results[LW_SHORT_PARTS];
    uint32_t offers[LW_SHORT_PARTS];
    uint64_t live = count < 64 ? ((uint64_t)1 << count) - 1 : UINT64_MAX;
    size_t padded = (count + 7) & ~(size_t)7;
    for (size_t i = 0; i < count; i++) parts[i] = tables->byte_ids[piece[i]];
    for (size_t i = 0; i < padded; i++) {
        const lw_merge *merge = i + 1 < count ? lw_find_merge(tables, parts[i], parts[i + 1]) : NULL;
        offers[i] = merge ? merge->priority << 6 | (uint32_t)i : none;
        if (merge) results[i] = merge->result;
    }
    for (;;) {
        uint32_t best = none;
        for (size_t i = 0; i < padded; i++) best = offers[i] < best ? offers[i] : best;
        if (best == none) break;
        unsigned place = best & 63;
        uint64_t before = live & (((uint64_t)1 << place) - 1), after = live >> place >> 1;
        unsigned gone = place + 1 + (unsigned)__builtin_ctzll(after);
        if (last) *last = lw_pair_of(parts[place], parts[gone]);
        parts[place] = results[place];
        live &= ~((uint64_t)1 << gone);
        offers[gone] = offers[place] = none;
        after = live >> place >> 1;
        unsigned next = after ? place + 1 + (unsigned)__builtin_ctzll(after) : 64;
        const lw_merge *merge = next < 64 ? lw_find_merge(tables, parts[place], parts[next]) : NULL;
        if (merge) offers[place] = merge->priority << 6 | place, results[place] = merge->result;
        if (!before) continue;
        unsigned previous = 63 - (unsigned)__builtin_clzll(before);
        merge = lw_find_merge(tables, parts[previous], parts[place]);
        offers[previous] = merge ? merge->priority << 6 | previous : none;
        if (merge) results[previous] = merge->result;
    }
    size_t found = 0;
    for (; live; live &= live - 1) ids[found++] = parts[__builtin_ctzll(live)];
    return found;
}

LW_EXPORT void lw_bpe_free(lw_tables *tables) {
    if (!tables) return;
    free(tables->bytes);
    free(tables->tokens);
    free(tables->merges);
    free(tables);
}

/* Token i has the bytes from ends[i - 1] to ends[i] and the id ids[i]; all 256 single bytes are there.
 * merges: (left, right, result) by priority, at most 2^26, or NULL for ranks. NULL when memory runs out. */
LW_EXPORT lw_tables *lw_bpe_new(int pattern, int whole_pieces, const uint8_t *bytes, const uint32_t *ends,
                                const int32_t *ids, size_t tokens, const int32_t *merges, size_t merge_count) {
    const token_list list = {ends, ids, tokens};
    lw_tables *tables = calloc(1, sizeof *tables);
    if (!tables) return NULL;
    tables->pattern = pattern;
    tables->whole_pieces = whole_pieces;
    tables->token_mask = room_for(tokens) - 1;
    tables->bytes = malloc(ends[tokens - 1]);
    tables->tokens = lw_table_memory((tables->token_mask + 1) * sizeof *tables->tokens);
    int whole = tables->bytes && tables->tokens && start_merges(tables, merges ? merge_count : 2 * tokens);
    if (whole) {
        memcpy(tables->bytes, bytes, ends[tokens - 1]);
        for (size_t token = 0; token < tokens; token++) {
            uint32_t start = start_of(&list, token);
            put_token(tables, start, ends[token] - start, ids[token]);
        }
        if (!merges) whole = merges_from_ranks(tables, &list);
        for (size_t i = 0; merges && whole && i < merge_count; i++, merges += 3)
            whole = add_merge(tables, lw_pair_of(merges[0], merges[1]), (uint32_t)i, merges[2]);
    }
    if (whole) return tables;
    lw_bpe_free(tables);
    return NULL;
}

/* The merges that the table holds into out[], as (left, right, priority), in no order; returns how many.
 * With out NULL, counts only. */
LW_EXPORT size_t lw_bpe_merges(const lw_tables *tables, int32_t *out) {
    for (size_t slot = 0; out && slot <= tables->merge_mask; slot++) {
        const lw_merge *merge = &tables->merges[slot];
        if (merge->pair == UINT64_MAX) continue;
        *out++ = (int32_t)(merge->pair >> 32);
        *out++ = (int32_t)merge->pair;
        *out++ = (int32_t)merge->priority;
    }
    return tables->merge_count;
}
