/* The words that BPE training works on: the different pre-tokens, laid out in one array. See bpe_words.c. */
#ifndef LW_BPE_WORDS_H
#define LW_BPE_WORDS_H
#include "piece_counter.h"

#define N_BYTES 256
#define BOUNDARY UINT32_MAX     /* in a slot between two words */
#define INSIDE (UINT32_MAX - 1) /* in a slot where a token started once, and no longer does */
#define BLOCK_BITS 6

/* Words of equal count lie side by side, so the weight of a place is a step function. */
typedef struct {
    uint32_t end;
    uint64_t weight;
} lw_weight_run;

typedef struct {
    uint32_t *ids; /* [n_slots] first N_BYTES slots of BOUNDARY, then the words, BOUNDARY around each */
    uint8_t *text; /* [n_slots] first the bytes 0 to 255, then the words' */
    uint32_t n_slots;
    lw_weight_run *runs;
    uint32_t *run_of_block; /* the run of every 2^BLOCK_BITS-th place */
} lw_words;

/* False when out of memory, or when the words need 2^32 slots or more. */
bool lw_words_lay_out(lw_words *words, const lw_counter *counter);
void lw_words_free(lw_words *words);

/* How often the word that holds `place` stands in the corpus. */
static inline uint64_t lw_weight_at(const lw_words *words, uint32_t place) {
    const lw_weight_run *run = &words->runs[words->run_of_block[place >> BLOCK_BITS]];
    while (run->end <= place) run++;
    return run->weight;
}

#endif
