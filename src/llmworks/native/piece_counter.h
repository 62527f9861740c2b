/* How often each pre-token occurs: what BPE training needs of a corpus. See piece_counter.c. */
#ifndef LW_PIECE_COUNTER_H
#define LW_PIECE_COUNTER_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pretokenize.h"

typedef struct lw_counter lw_counter;

typedef struct {
    const uint8_t *bytes;
    size_t length;
    uint64_t count;
} lw_piece_count;

LW_EXPORT lw_counter *lw_counter_new(void); /* NULL when out of memory */
LW_EXPORT void lw_counter_free(lw_counter *counter);

/* Count the pieces of `n` documents, one behind the other in `text`; document i ends at ends[i].
 * Returns false when out of memory. Several threads may count at once, each with a counter of its own. */
LW_EXPORT bool lw_counter_add(lw_counter *counter, int pattern, const uint8_t *text, const uint64_t *ends,
                              size_t n);

/* Add the counts of `other`; false when out of memory. */
LW_EXPORT bool lw_counter_absorb(lw_counter *counter, const lw_counter *other);

LW_EXPORT uint64_t lw_counter_unique(const lw_counter *counter); /* different pieces */
LW_EXPORT uint64_t lw_counter_total(const lw_counter *counter);  /* pieces in all */

/* Walk over the pieces, in no particular order: start with *slot = 0, go on while it returns true. */
bool lw_counter_next(const lw_counter *counter, size_t *slot, lw_piece_count *piece);

#endif
