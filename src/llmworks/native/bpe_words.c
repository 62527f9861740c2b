/* Lay the counted pieces out for BPE training: a slot a byte, the most frequent word first.
 *
 *     {" low": 5, "low": 2}    text:  0 1 .. 255 . ' ' l o w .  l o w .
 *                              ids:   | | ..   | | ' ' l o w |  l o w |      |: BOUNDARY
 *                              runs:                weight 5   weight 2
 *
 * Pieces of one byte have no pair and are left out. The 256 bytes in front are no words: they are there so
 * that a token of one byte, like any other, can be spelt by a place in the text.
 */
#include "bpe_words.h"

#include <stdlib.h>

static int by_falling_count(const void *x, const void *y) {
    uint64_t a = ((const lw_piece_count *)x)->count, b = ((const lw_piece_count *)y)->count;
    return (a < b) - (a > b);
}

/* The pieces that have a pair, sorted; their order among equals changes nothing. NULL when out of memory. */
static lw_piece_count *sorted_pieces(const lw_counter *counter, size_t *n, size_t *n_bytes) {
    lw_piece_count *pieces = malloc((lw_counter_unique(counter) + 1) * sizeof *pieces), piece;
    *n = *n_bytes = 0;
    if (!pieces) return NULL;
    for (size_t slot = 0; lw_counter_next(counter, &slot, &piece);) {
        if (piece.length < 2) continue;
        pieces[(*n)++] = piece;
        *n_bytes += piece.length;
    }
    qsort(pieces, *n, sizeof *pieces, by_falling_count);
    return pieces;
}

static inline void put_slot(lw_words *words, uint32_t id, uint8_t byte) {
    words->ids[words->n_slots] = id;
    words->text[words->n_slots++] = byte;
}

static void write_words(lw_words *words, const lw_piece_count *pieces, size_t n) {
    for (int byte = 0; byte < N_BYTES; byte++) put_slot(words, BOUNDARY, (uint8_t)byte);
    lw_weight_run *run = words->runs;
    for (size_t i = 0; i < n; i++) {
        if (i && pieces[i].count != run->weight) run++;
        put_slot(words, BOUNDARY, 0);
        for (size_t j = 0; j < pieces[i].length; j++) put_slot(words, pieces[i].bytes[j], pieces[i].bytes[j]);
        *run = (lw_weight_run){words->n_slots, pieces[i].count};
    }
    put_slot(words, BOUNDARY, 0);
}

static void index_runs(lw_words *words) {
    uint32_t run = 0;
    for (size_t place = 0; place + 1 < words->n_slots; place += (size_t)1 << BLOCK_BITS) {
        while (words->runs[run].end <= place) run++;
        words->run_of_block[place >> BLOCK_BITS] = run;
    }
}

bool lw_words_lay_out(lw_words *words, const lw_counter *counter) {
    size_t n, n_bytes;
    lw_piece_count *pieces = sorted_pieces(counter, &n, &n_bytes);
    size_t n_slots = N_BYTES + n + n_bytes + 1;
    if (pieces && n_slots < INSIDE) {
        words->ids = malloc(n_slots * sizeof *words->ids);
        words->text = malloc(n_slots);
        words->runs = malloc((n + 1) * sizeof *words->runs);
        words->run_of_block = malloc(((n_slots >> BLOCK_BITS) + 1) * sizeof *words->run_of_block);
    }
    bool done = words->ids && words->text && words->runs && words->run_of_block;
    if (done) {
        write_words(words, pieces, n);
        if (n) index_runs(words);
    }
    free(pieces);
    return done;
}

void lw_words_free(lw_words *words) {
    free(words->ids);
    free(words->text);
    free(words->runs);
    free(words->run_of_block);
}
