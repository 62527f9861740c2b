/* The merge phase of byte-pair encoding's training. See bpe_train.c. */
#ifndef LW_BPE_TRAIN_H
#define LW_BPE_TRAIN_H
#include "piece_counter.h"

typedef struct lw_trainer lw_trainer;

/* What lw_trainer_run answers instead of a number of merges. */
enum { LW_NO_MEMORY = -1 };

/* A trainer over the counted pieces (read here, not kept) that makes at most `most_merges` merges, of pairs
 * that occur `min_count` times or more (at least 1). NULL when out of memory, or when the different pieces are
 * longer than 4 GiB together. */
LW_EXPORT lw_trainer *lw_trainer_new(const lw_counter *counter, uint32_t most_merges, uint64_t min_count);
LW_EXPORT void lw_trainer_free(lw_trainer *trainer);

/* Make up to `n` further merges: token 256 + i of the vocabulary is left[i] followed by right[i], a pair that
 * stood count[i] times in the corpus. Returns how many were made; fewer than `n` when no pair is left. */
LW_EXPORT int64_t lw_trainer_run(lw_trainer *trainer, uint32_t n, uint32_t *left, uint32_t *right,
                                 uint64_t *count);

#endif
