/* Unigram: the best way to cut a text, when a way is worth the sum of its tokens' scores (Viterbi).

       best[j] = max over entries text[i:j] of best[i] + score(entry)

   Positions are bytes; a character that no entry covers alone may be unknown, at `unk_score`.
   Source: Kudo, "Subword Regularization" (2018). Sums are rounded to float with `single`, as the
   SentencePiece library does (it also takes the sum back to 0 beyond 100,000), and double without it, as
   Hugging Face `tokenizers` does; on ties the way found first, from the left and the shortest, stays. */
#include "unigram.h"

#include <stdlib.h>

static const double RESET_BEYOND = 100000.0;

static double rounded(double sum, int single) { return single ? (double)(float)sum : sum; }

static void offer(struct lw_best *target, double score, size_t start, int32_t id)
{
    if (target->start == LW_UNREACHED || score > target->score)
        *target = (struct lw_best){score, (uint32_t)start, id};
}

static void take_back(struct lw_best *best, size_t from, size_t to)
{
    double offset = best[from].score;
    for (size_t i = from; i <= to; i++)
        if (i == from || best[i].start != LW_UNREACHED)
            best[i].score = rounded(best[i].score - offset, 1);
}

void lw_unigram_fill(const struct lw_trie *trie, const double *scores, const uint8_t *bonus, double unk_score,
                     int single, int skip_whole, const uint8_t *text, size_t length, struct lw_best *best)
{
    size_t frontier = 0;
    for (size_t i = 0; i <= length; i++)
        best[i] = (struct lw_best){0, LW_UNREACHED, -1};
    for (size_t start = 0; start < length;) {
        if (single && (best[start].score < -RESET_BEYOND || best[start].score > RESET_BEYOND))
            take_back(best, start, frontier);
        double here = best[start].score;
        size_t character = lw_character_at(text, start, length);
        int covered = 0;
        int32_t node = 0;
        for (size_t end = start; end < length;) {
            node = lw_trie_step(trie, node, text[end++]);
            if (node < 0)
                break;
            int32_t value = trie->nodes[node].value;
            if (value < 0)
                continue;
            covered |= end - start == character;
            if (skip_whole && end - start == length)
                continue;
            double score = bonus && bonus[value] ? (double)(float)(0.1 * (double)((int)(end - start) - 1))
                                                 : scores[value];
            offer(&best[end], rounded(score + here, single), start, value);
            if (end > frontier)
                frontier = end;
        }
        if (!covered) {
            offer(&best[start + character], rounded(unk_score + here, single), start, -1);
            if (start + character > frontier)
                frontier = start + character;
        }
        start += character;
    }
}

/* Ids into `ids` and the bytes behind them into `ends` (or NULL), both with room for one a byte. Returns how
   many, or SIZE_MAX without memory. Values of the trie are ids; unknown text becomes its bytes, or one
   `unk_id` a run (`merge_unknown`) or a character. */
LW_EXPORT size_t lw_unigram_encode(const struct lw_trie *trie, const double *scores, const uint8_t *bonus,
                                   double unk_score, int32_t unk_id, const int32_t *byte_ids, int single,
                                   int merge_unknown, const char *string, size_t length, int32_t *ids,
                                   uint32_t *ends)
{
    const uint8_t *text = (const uint8_t *)string;
    struct lw_best *best = malloc((length + 1) * sizeof *best);
    if (!best)
        return SIZE_MAX;
    lw_unigram_fill(trie, scores, bonus, unk_score, single, 0, text, length, best);
    /* The path is known from its end; the scores have done their work and keep the next cut instead. */
    for (size_t cut = length; cut > 0;) {
        size_t before = best[cut].start == LW_UNREACHED ? cut - 1 : best[cut].start;
        best[before].score = (double)cut;
        cut = before;
    }
    struct lw_output output = {byte_ids, unk_id, merge_unknown, ids, ends, 0, 0};
    for (size_t at = 0; at < length;) {
        size_t cut = (size_t)best[at].score;
        lw_put(&output, best[cut].start == LW_UNREACHED ? -1 : best[cut].id, text, at, cut);
        at = cut;
    }
    free(best);
    return output.count;
}
