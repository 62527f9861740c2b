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

/* Appends to the list of merges. */
static int add_merge(lw_tables *tables, int32_t left, int32_t right, uint32_t priority, int32_t result) {
    if (tables->merge_count == tables->merge_room) {
        size_t room = 2 * tables->merge_room + 1024;
        lw_merge *grown = realloc(tables->merges, room * sizeof *grown);
        if (!grown) return 0;
        tables->merges = grown, tables->merge_room = room;
    }
    tables->merges[tables->merge_count++] = (lw_merge){left, right, result, priority};
    return 1;
}

/* The list of merges as a table of 2^bits slots. Returns 1, or 0 without memory, or -1 when it takes more slots:
 * entries with the same 56 bits of hash lie 2^(bits - 8) slots apart at least, so no search may go so far. */
static int put_pairs(lw_tables *tables, int bits) {
    size_t size = (size_t)1 << bits, run = 0;
    free(tables->pairs);
    tables->pairs = lw_table_memory(size * sizeof *tables->pairs);
    if (!tables->pairs) return 0;
    memset(tables->pairs, 0xFF, size * sizeof *tables->pairs);
    memset(tables->filter, 0, sizeof tables->filter);
    tables->pair_shift = 64 - bits;
    tables->pair_mask = size - 1;
    for (size_t i = 0; i < tables->merge_count; i++) {
        const lw_merge *merge = &tables->merges[i];
        uint64_t hash = lw_hash_pair(merge->left, merge->right), bit = hash >> (64 - LW_FILTER_BITS);
        size_t slot = hash >> tables->pair_shift;
        while (tables->pairs[slot] != UINT64_MAX) slot = (slot + 1) & tables->pair_mask;
        tables->pairs[slot] = hash << 8 | merge->priority;
        tables->filter[bit >> 6] |= (uint64_t)1 << (bit & 63);
    }
    for (size_t slot = 0; slot < 2 * size; slot++) { /* twice around, for a run over the end */
        run = tables->pairs[slot & tables->pair_mask] == UINT64_MAX ? 0 : run + 1;
        if (run >> (bits - 8)) return -1;
    }
    return 1;
}

/* `pairs` and what hangs on it, from the list of merges. */
static int lay_out_pairs(lw_tables *tables) {
    /* Up to four fifths full: a table half the size, nearer, is worth more than a shorter search in it. */
    int bits = 14, done;
    while ((size_t)4 << bits < 5 * tables->merge_count) bits++;
    while ((done = put_pairs(tables, bits)) < 0) bits++;
    for (int pair = 0; done && pair < 1 << 16; pair++)
        tables->byte_pairs[pair] = lw_find_merge(tables, tables->byte_ids[pair >> 8], tables->byte_ids[pair & 255]);
    return done;
}

/* Results by priority, unless all are the same way above it. */
static int lay_out_results(lw_tables *tables) {
    size_t moved = 0;
    for (size_t i = 0; i < tables->merge_count; i++) {
        tables->result_shift = tables->merges[0].result - (int32_t)tables->merges[0].priority;
        moved += tables->merges[i].result - (int32_t)tables->merges[i].priority != tables->result_shift;
    }
    if (!moved) return 1;
    tables->results = malloc(tables->merge_count * sizeof *tables->results);
    for (size_t i = 0; tables->results && i < tables->merge_count; i++)
        tables->results[tables->merges[i].priority] = tables->merges[i].result;
    return tables->results != NULL;
}

static void put_long_token(lw_tables *tables, uint32_t offset, uint32_t length, int32_t id) {
    uint64_t hash = lw_hash(tables->bytes + offset, length);
    size_t slot = hash & tables->long_mask;
    while (tables->long_tokens[slot].length) slot = (slot + 1) & tables->long_mask;
    tables->long_tokens[slot] = (lw_long_token){offset, length, id, (uint32_t)(hash >> 32)};
}

static void put_token(lw_tables *tables, uint32_t offset, uint32_t length, int32_t id) {
    const lw_key key = lw_key_of(tables->bytes + offset, length, 16);
    size_t at = lw_hash_key(key) & tables->token_mask;
    int way = 0;
    while (tables->tokens[at].keys[2].high) at = (at + 1) & tables->token_mask;
    while (tables->tokens[at].keys[way].high) way++;
    tables->tokens[at].keys[way] = key;
    tables->tokens[at].ids[way] = id;
    if (length == 1) tables->byte_ids[tables->bytes[offset]] = id;
}

/* Id of the token with these bytes, which lie in tables->bytes, or -1. */
static int32_t find_token(const lw_tables *tables, const uint8_t *bytes, size_t length) {
    if (length > LW_KEY_BYTES) return lw_find_long_token(tables, bytes, length);
    const lw_key key = lw_key_of(bytes, length, 16);
    return lw_find_token(tables, key, lw_hash_key(key));
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
        int32_t left = find_token(tables, bytes, cut);
        int32_t right = left < 0 ? -1 : find_token(tables, bytes + cut, length - cut);
        if (right >= 0 && !add_merge(tables, left, right, (uint32_t)id, id)) return 0;
    }
    return 1;
}

/* The merge that makes a token in the end when its bytes are merged; result -1 when they do not come to it. */
static lw_merge last_merge(const lw_tables *tables, const token_list *list, size_t token) {
    uint32_t start = start_of(list, token), length = list->ends[token] - start;
    int32_t ids[LW_SHORT_PARTS];
    lw_merge last = {-1, -1, -1, LW_NO_MERGE};
    if (length < 2 || length > LW_SHORT_PARTS) return last;
    size_t parts = lw_merge_short(tables, tables->bytes + start, length, ids, &last);
    if (parts > 1 || ids[0] != list->ids[token]) last.result = -1;
    return last;
}

/* A token t that, merged from its bytes, comes to itself can be made by its own last merge only: neighbours
 * x y with the bytes of t have arisen as in t alone, since nothing was merged across their ends, and t alone
 * went on from x y to t. So one pair a token is enough, a third of all; the table is smaller for it. */
static int merges_from_ranks(lw_tables *tables, const token_list *list) {
    lw_merge *last = malloc(list->count * sizeof *last);
    int whole = last != NULL;
    for (size_t token = 0; whole && token < list->count; token++) whole = add_every_pair(tables, list, token);
    whole = whole && lay_out_pairs(tables);
    for (size_t token = 0; whole && token < list->count; token++) last[token] = last_merge(tables, list, token);
    tables->merge_count = 0;
    for (size_t token = 0; whole && token < list->count; token++) {
        const lw_merge *merge = &last[token];
        whole = merge->result < 0 ? add_every_pair(tables, list, token)
                                  : add_merge(tables, merge->left, merge->right, merge->priority, merge->result);
    }
    free(last);
    return whole && lay_out_pairs(tables);
}

static int merges_from_list(lw_tables *tables, const int32_t *merges, size_t count) {
    int whole = 1;
    for (size_t i = 0; whole && i < count; i++, merges += 3)
        whole = add_merge(tables, merges[0], merges[1], (uint32_t)i, merges[2]);
    return whole && lay_out_results(tables) && lay_out_pairs(tables);
}

size_t lw_merge_short(const lw_tables *tables, const uint8_t *piece, size_t count, int32_t *ids, lw_merge *last) {
    /* A part keeps the place of its first byte; bit i of `live` says that a part starts at i. offers[i] is
     * the merge of the part at i with the next, as priority << 6 | i: the least is the next to do. */
    int32_t parts[LW_SHORT_PARTS];
    uint32_t offers[LW_SHORT_PARTS];
    uint64_t live = count < 64 ? ((uint64_t)1 << count) - 1 : UINT64_MAX;
    size_t padded = (count + 7) & ~(size_t)7;
    for (size_t i = 0; i < count; i++) parts[i] = tables->byte_ids[piece[i]];
    for (size_t i = 0; i + 1 < count; i++)
        offers[i] = tables->byte_pairs[piece[i] << 8 | piece[i + 1]] << 6 | (uint32_t)i;
    for (size_t i = count - 1; i < padded; i++) offers[i] = UINT32_MAX;
    for (;;) {
        uint32_t best = UINT32_MAX;
        for (size_t i = 0; i < padded; i++) best = offers[i] < best ? offers[i] : best;
        uint32_t priority = best >> 6;
        if (priority >= LW_NO_MERGE) break;
        unsigned place = best & 63;
        uint64_t before = live & (((uint64_t)1 << place) - 1), after = live >> place >> 1;
        unsigned gone = place + 1 + (unsigned)__builtin_ctzll(after);
        int32_t result = lw_result_of(tables, priority);
        if (last) *last = (lw_merge){parts[place], parts[gone], result, priority};
        parts[place] = result;
        live &= ~((uint64_t)1 << gone);
        offers[gone] = offers[place] = UINT32_MAX;
        after = live >> place >> 1;
        unsigned next = after ? place + 1 + (unsigned)__builtin_ctzll(after) : place;
        unsigned previous = before ? 63 - (unsigned)__builtin_clzll(before) : place;
        lw_expect_merge(tables, result, parts[next]); /* both on their way before one is waited for */
        lw_expect_merge(tables, parts[previous], result);
        if (after) offers[place] = lw_find_merge(tables, result, parts[next]) << 6 | place;
        if (before) offers[previous] = lw_find_merge(tables, parts[previous], result) << 6 | previous;
    }
    size_t found = 0;
    for (; live; live &= live - 1) ids[found++] = parts[__builtin_ctzll(live)];
    return found;
}

LW_EXPORT void lw_bpe_free(lw_tables *tables) {
    if (!tables) return;
    free(tables->bytes);
    free(tables->tokens), free(tables->long_tokens);
    free(tables->pairs), free(tables->results), free(tables->merges);
    free(tables);
}

/* Room for the tokens, and all of them in it. */
static int put_tokens(lw_tables *tables, const uint8_t *bytes, const token_list *list) {
    size_t size = list->ends[list->count - 1], lines = 256, long_count = 0;
    for (size_t token = 0; token < list->count; token++)
        long_count += list->ends[token] - start_of(list, token) > LW_KEY_BYTES;
    while (2 * lines < list->count - long_count) lines *= 2;
    tables->token_mask = lines - 1;
    tables->long_mask = room_for(long_count) - 1;
    tables->bytes = calloc(size + 16, 1); /* so that 16 bytes may be read anywhere */
    tables->tokens = lw_table_memory(lines * sizeof *tables->tokens);
    tables->long_tokens = lw_table_memory((tables->long_mask + 1) * sizeof *tables->long_tokens);
    if (!tables->bytes || !tables->tokens || !tables->long_tokens) return 0;
    memcpy(tables->bytes, bytes, size);
    for (size_t token = 0; token < list->count; token++) {
        uint32_t start = start_of(list, token), length = list->ends[token] - start;
        (length > LW_KEY_BYTES ? put_long_token : put_token)(tables, start, length, list->ids[token]);
    }
    return 1;
}

/* Token i has the bytes from ends[i - 1] to ends[i] and the id ids[i]; all 256 single bytes are there.
 * merges: (left, right, result) by priority, no pair twice, or NULL for ranks. Ids and the number of merges are
 * less than LW_NO_MERGE. NULL when memory runs out. */
LW_EXPORT lw_tables *lw_bpe_new(int pattern, int whole_pieces, const uint8_t *bytes, const uint32_t *ends,
                                const int32_t *ids, size_t tokens, const int32_t *merges, size_t merge_count) {
    const token_list list = {ends, ids, tokens};
    lw_tables *tables = calloc(1, sizeof *tables);
    if (!tables) return NULL;
    tables->pattern = pattern;
    tables->whole_pieces = whole_pieces;
    if (put_tokens(tables, bytes, &list) &&
        (merges ? merges_from_list(tables, merges, merge_count) : merges_from_ranks(tables, &list)))
        return tables;
    lw_bpe_free(tables);
    return NULL;
}

/* The merges that the table holds into out[], as (left, right, priority); returns how many. With out NULL,
 * counts only. */
LW_EXPORT size_t lw_bpe_merges(const lw_tables *tables, int32_t *out) {
    for (size_t i = 0; out && i < tables->merge_count; i++) {
        *out++ = tables->merges[i].left;
        *out++ = tables->merges[i].right;
        *out++ = (int32_t)tables->merges[i].priority;
    }
    return tables->merge_count;
}
