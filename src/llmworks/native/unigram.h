/* What the Unigram encoder and its trainer share. */
#ifndef LW_UNIGRAM_H
#define LW_UNIGRAM_H

#include "piece_trie.h"

struct lw_best {
    double score;
    uint32_t start;
    int32_t id;
};

enum { LW_UNREACHED = UINT32_MAX };

/* The best way to every position of `text` into `best`, length + 1 places. scores: by value of the trie.
   bonus[v] nonzero: a user's token, scored (length - 1) / 10 so that it always wins; or NULL.
   skip_whole: the token that is the whole text does not count. */
void lw_unigram_fill(const struct lw_trie *trie, const double *scores, const uint8_t *bonus, double unk_score,
                     int single, int skip_whole, const uint8_t *text, size_t length, struct lw_best *best);

#endif
