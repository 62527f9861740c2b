/* The heavy parts of training a Unigram model: substrings that repeat, expected counts, and what a token's
   text would cost without it.

       E-step   count(token) = Σ over words, freq · P(token at its place | word)     (forward-backward)

   Source: Kudo, "Subword Regularization" (2018); google/sentencepiece, unigram_model_trainer.cc. */
#include "unigram.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct edge {
    uint32_t start, end;
    int32_t id;
    double score;
};

static double log_add(double x, double y)
{
    if (x < y) {
        double swap = x;
        x = y;
        y = swap;
    }
    return y == -INFINITY ? x : x + log1p(exp(y - x));
}

struct room {
    struct edge *edges;
    double *alpha, *beta;
    struct lw_best *best;
    size_t edges_capacity;
};

static int add_edge(struct room *room, size_t *count, struct edge edge)
{
    if (*count == room->edges_capacity) {
        size_t capacity = room->edges_capacity ? room->edges_capacity * 2 : 1024;
        struct edge *edges = realloc(room->edges, capacity * sizeof *edges);
        if (!edges)
            return 0;
        room->edges = edges;
        room->edges_capacity = capacity;
    }
    room->edges[(*count)++] = edge;
    return 1;
}

/* All edges of a word, by their start; SIZE_MAX without memory. */
static size_t find_edges(const struct lw_trie *trie, const double *scores, double unk_score,
                         const uint8_t *text, size_t length, struct room *room)
{
    size_t count = 0;
    for (size_t start = 0; start < length;) {
        size_t character = lw_character_at(text, start, length);
        int covered = 0;
        int32_t node = 0;
        for (size_t end = start; end < length;) {
            node = lw_trie_step(trie, node, text[end++]);
            if (node < 0)
                break;
            int32_t id = trie->nodes[node].value;
            if (id < 0)
                continue;
            covered |= end - start == character;
            if (!add_edge(room, &count, (struct edge){(uint32_t)start, (uint32_t)end, id, scores[id]}))
                return SIZE_MAX;
        }
        if (!covered && !add_edge(room, &count, (struct edge){(uint32_t)start, (uint32_t)(start + character),
                                                              -1, unk_score}))
            return SIZE_MAX;
        start += character;
    }
    return count;
}

static double expect_word(const struct room *room, size_t n_edges, size_t length, double freq,
                          double *expected)
{
    for (size_t i = 0; i <= length; i++)
        room->alpha[i] = room->beta[i] = -INFINITY;
    room->alpha[0] = room->beta[length] = 0;
    for (size_t i = 0; i < n_edges; i++) {
        const struct edge *e = &room->edges[i];
        room->alpha[e->end] = log_add(room->alpha[e->end], room->alpha[e->start] + e->score);
    }
    for (size_t i = n_edges; i-- > 0;) {
        const struct edge *e = &room->edges[i];
        room->beta[e->start] = log_add(room->beta[e->start], room->beta[e->end] + e->score);
    }
    double total = room->alpha[length];
    for (size_t i = 0; i < n_edges; i++) {
        const struct edge *e = &room->edges[i];
        if (e->id >= 0)
            expected[e->id] += freq * exp(room->alpha[e->start] + e->score + room->beta[e->end] - total);
    }
    return total;
}

static size_t longest_word(const uint64_t *ends, size_t n_words)
{
    size_t longest = 0;
    for (size_t w = 0; w < n_words; w++) {
        size_t length = ends[w] - (w ? ends[w - 1] : 0);
        longest = length > longest ? length : longest;
    }
    return longest;
}

static int make_room(struct room *room, size_t longest)
{
    room->alpha = malloc((longest + 1) * sizeof *room->alpha);
    room->beta = malloc((longest + 1) * sizeof *room->beta);
    room->best = malloc((longest + 1) * sizeof *room->best);
    return room->alpha && room->beta && room->best;
}

static void free_room(struct room *room)
{
    free(room->edges);
    free(room->alpha);
    free(room->beta);
    free(room->best);
}

/* Adds each token's expected count to `expected`, and the tokens of the best ways to `best_counts` (either
   may be NULL). Returns Σ freq · log P(word), or NaN without memory. */
LW_EXPORT double lw_unigram_expect(const struct lw_trie *trie, const double *scores, double unk_score,
                                   const char *words, const uint64_t *ends, const double *freqs,
                                   size_t n_words, double *expected, double *best_counts)
{
    struct room room = {0};
    double sum = make_room(&room, longest_word(ends, n_words)) ? 0 : NAN;
    for (size_t w = 0; w < n_words && !isnan(sum); w++) {
        size_t start = w ? ends[w - 1] : 0, length = ends[w] - start;
        const uint8_t *text = (const uint8_t *)words + start;
        if (expected) {
            size_t n_edges = find_edges(trie, scores, unk_score, text, length, &room);
            sum = n_edges == SIZE_MAX ? NAN
                                      : sum + freqs[w] * expect_word(&room, n_edges, length, freqs[w], expected);
        }
        if (best_counts) {
            lw_unigram_fill(trie, scores, NULL, unk_score, 0, 0, text, length, room.best);
            for (size_t cut = length; cut > 0; cut = room.best[cut].start)
                if (room.best[cut].id >= 0)
                    best_counts[room.best[cut].id] += freqs[w];
        }
    }
    free_room(&room);
    return sum;
}

/* For each token (the words are the tokens' texts, in the order of ids): the best way to cut it without
   itself, its ids into `parts` with their number in `n_parts` (0: there is none; -1: that way is better than
   the token). Returns 0 without memory. parts has room for one a byte. */
LW_EXPORT int lw_unigram_alternatives(const struct lw_trie *trie, const double *scores, double unk_score,
                                      const char *words, const uint64_t *ends, size_t n_words, int32_t *parts,
                                      int32_t *n_parts)
{
    struct room room = {0};
    int good = make_room(&room, longest_word(ends, n_words));
    for (size_t w = 0; good && w < n_words; w++) {
        size_t start = w ? ends[w - 1] : 0, length = ends[w] - start;
        lw_unigram_fill(trie, scores, NULL, unk_score, 0, 1, (const uint8_t *)words + start, length,
                        room.best);
        n_parts[w] = 0;
        if (room.best[length].start == LW_UNREACHED)
            continue;
        if (room.best[length].score > scores[w]) {
            n_parts[w] = -1;
            continue;
        }
        for (size_t cut = length; cut > 0; cut = room.best[cut].start)
            parts[start + (size_t)n_parts[w]++] = room.best[cut].id;
    }
    free_room(&room);
    return good;
}

/* Repeated substrings. Suffixes are sorted by their first `depth` bytes (three-way radix quicksort), so that
   neighbours share the longest beginnings; a stack of open intervals gives each substring that is followed by
   different bytes, once, with how often it stands in the text. */

static int byte_of(const uint8_t *text, size_t length, uint32_t suffix, size_t depth)
{
    return suffix + depth < length ? text[suffix + depth] : -1;
}

static void sort_suffixes(uint32_t *suffixes, size_t count, const uint8_t *text, size_t length, size_t depth,
                          size_t most)
{
    while (count > 1 && depth < most) {
        int pivot = byte_of(text, length, suffixes[count / 2], depth);
        size_t low = 0, at = 0, high = count;
        while (at < high) {
            int byte = byte_of(text, length, suffixes[at], depth);
            size_t other = byte < pivot ? low++ : byte > pivot ? --high : at;
            uint32_t swap = suffixes[at];
            suffixes[at] = suffixes[other];
            suffixes[other] = swap;
            if (byte <= pivot)
                at++;
        }
        sort_suffixes(suffixes, low, text, length, depth, most);
        sort_suffixes(suffixes + high, count - high, text, length, depth, most);
        suffixes += low;
        count = high - low;
        if (pivot < 0)
            return;
        depth++;
    }
}

struct open {
    uint32_t first, depth;
};

/* (place, bytes, count) of every repeated substring of 2 to `most` - 1 bytes that begins and ends with whole
   characters, into `found`, room for `capacity` of three numbers. Returns how many there are (come again with
   more room), or SIZE_MAX without memory. */
LW_EXPORT size_t lw_repeated_substrings(const char *string, size_t length, size_t most, uint32_t *found,
                                        size_t capacity)
{
    const uint8_t *text = (const uint8_t *)string;
    uint32_t *suffixes = malloc((length + 1) * sizeof *suffixes);
    struct open *stack = malloc((most + 2) * sizeof *stack);
    size_t count = 0, top = 0;
    if (!suffixes || !stack) {
        free(suffixes);
        free(stack);
        return SIZE_MAX;
    }
    for (size_t i = 0; i < length; i++)
        suffixes[i] = (uint32_t)i;
    sort_suffixes(suffixes, length, text, length, 0, most);
    stack[0] = (struct open){0, 0};
    for (size_t i = 1; i <= length; i++) {
        size_t common = 0;
        while (i < length && common < most && byte_of(text, length, suffixes[i], common) >= 0 &&
               byte_of(text, length, suffixes[i], common) == byte_of(text, length, suffixes[i - 1], common))
            common++;
        uint32_t first = (uint32_t)i - 1;
        while (common < stack[top].depth) {
            struct open closed = stack[top--];
            uint32_t place = suffixes[closed.first];
            first = closed.first;
            if (closed.depth > 1 && closed.depth < most && (text[place] & 0xC0) != 0x80 &&
                (place + closed.depth == length || (text[place + closed.depth] & 0xC0) != 0x80)) {
                if (count < capacity) {
                    found[3 * count] = place;
                    found[3 * count + 1] = closed.depth;
                    found[3 * count + 2] = (uint32_t)i - closed.first;
                }
                count++;
            }
        }
        if (common > stack[top].depth)
            stack[++top] = (struct open){first, (uint32_t)common};
    }
    free(suffixes);
    free(stack);
    return count;
}
