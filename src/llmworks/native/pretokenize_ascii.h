/* Many pieces at once: 64 bytes of ASCII become bit masks, one bit a byte, and the starts of pieces come out of
 * a few dozen operations on 64-bit words, without a branch that depends on the text.
 *
 *     text      I'll pay  12345\n
 *     letters   1·11·111·········
 *     blanks    ····1···11·······        starts = 1101·0··11·1··1·1 …
 *     digits    ··········11111··
 *
 * Only what the window itself decides is taken: the characters before the first byte beyond ASCII, and less the
 * last few, whose piece may go on. For the rest, and where the rare cases below arise, the state machine of
 * pretokenize.c does the next piece. Both cut alike; the tests compare them. After the idea of simdjson
 * (Langdale and Lemire 2019, arXiv:1902.08318). Patterns: GPT-2 and the cl100k family. */
#ifndef LW_PRETOKENIZE_ASCII_H
#define LW_PRETOKENIZE_ASCII_H
#include "pretokenize.h"

#if defined(__AVX2__)
#include <immintrin.h>
#include <string.h>
#define LW_ASCII_WINDOW 64

typedef struct {
    uint64_t letters, digits, spaces, lines, blanks, apostrophes, beyond;
} window_masks;

/* One bit for each byte of `hits` (0 or 0xFF each). */
static inline uint64_t bits_of(__m256i low, __m256i high) {
    return (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}

static inline __m256i in_range(__m256i bytes, char first, char count) {
    __m256i from_first = _mm256_sub_epi8(bytes, _mm256_set1_epi8(first));
    return _mm256_cmpeq_epi8(_mm256_min_epu8(from_first, _mm256_set1_epi8((char)(count - 1))), from_first);
}

static inline __m256i equals(__m256i bytes, char value) { return _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(value)); }

static inline window_masks read_window(const uint8_t *text) {
    __m256i a = _mm256_loadu_si256((const __m256i *)text), b = _mm256_loadu_si256((const __m256i *)(text + 32));
    __m256i fold = _mm256_set1_epi8(0x20);
    window_masks masks;
    masks.beyond = bits_of(a, b);
    masks.letters = bits_of(in_range(_mm256_or_si256(a, fold), 'a', 26), in_range(_mm256_or_si256(b, fold), 'a', 26));
    masks.digits = bits_of(in_range(a, '0', 10), in_range(b, '0', 10));
    masks.blanks = bits_of(equals(a, ' '), equals(b, ' '));
    masks.spaces = masks.blanks | bits_of(in_range(a, '\t', 5), in_range(b, '\t', 5));
    masks.lines = bits_of(equals(a, '\n'), equals(b, '\n')) | bits_of(equals(a, '\r'), equals(b, '\r'));
    masks.apostrophes = bits_of(equals(a, '\''), equals(b, '\''));
    return masks;
}

/* Whether a window here may be worth its work. */
static inline int eight_are_ascii(const uint8_t *text) {
    uint64_t word;
    memcpy(&word, text, 8);
    return !(word & 0x8080808080808080u);
}

/* Bits below `count`. */
static inline uint64_t low_bits(unsigned count) { return count < 64 ? ((uint64_t)1 << count) - 1 : UINT64_MAX; }

/* The letters behind a contraction start a piece of their own: "'sfoo" is 's | foo. `at` is the apostrophe, where
 * a piece starts, with a letter behind it. Returns the bit behind the contraction, or 0 when it is none. */
static inline uint64_t behind_contraction(const uint8_t *text, unsigned at, uint8_t fold) {
    uint8_t first = text[at + 1] | fold, second = text[at + 2] | fold;
    if (first == 's' || first == 't' || first == 'm' || first == 'd') return (uint64_t)4 << at;
    int two = (second == 'e' && (first == 'r' || first == 'v')) || (second == 'l' && first == 'l');
    return two ? (uint64_t)8 << at : 0;
}

/* Where pieces start in text[0..64), as bits; bit 0 is a start already. Only starts that are certain; 0 in place
 * of all when the window is none for this way. `digits` as in next_cl100k; 0 stands for GPT-2. */
static inline uint64_t piece_starts(const uint8_t *text, int digits) {
    const window_masks masks = read_window(text);
    unsigned valid = masks.beyond ? (unsigned)__builtin_ctzll(masks.beyond) : 64;
    uint64_t inside = low_bits(valid), letters = masks.letters & inside, numbers = masks.digits & inside;
    uint64_t all_spaces = masks.spaces & inside, blanks = masks.blanks & inside;
    uint64_t symbols = inside & ~(letters | numbers | all_spaces), lines = masks.lines & inside;
    int gpt2 = digits == 0;

    /* Symbols take the line ends right behind them: adding at the first of a run carries through the run. */
    uint64_t taken = gpt2 ? 0 : lines & ~(lines + (symbols << 1 & lines));
    uint64_t spaces = all_spaces & ~taken;
    uint64_t others = spaces & ~lines; /* white space that is no line end */
    lines &= spaces;
    /* Blanks before a line end belong to it, which their start does not show: rare, left to the other way. */
    if (!gpt2 && others << 1 & lines) {
        unsigned first = (unsigned)__builtin_ctzll(others << 1 & lines);
        uint64_t run = spaces & low_bits(first); /* cut the window before the white space that holds it */
        unsigned start = 64 - (unsigned)__builtin_clzll(~run & low_bits(first) ? ~run & low_bits(first) : 1);
        valid = start < valid ? start : valid;
        inside = low_bits(valid);
    }

    uint64_t words = letters | numbers | symbols;
    uint64_t first_letter = letters & ~(letters << 1), first_number = numbers & ~(numbers << 1);
    uint64_t first_symbol = symbols & ~(symbols << 1);
    uint64_t behind_blank = blanks << 1, last_space = spaces & (words >> 1);
    uint64_t starts = spaces & ~(spaces << 1);
    uint64_t lone = first_symbol & ~behind_blank & letters >> 1; /* a symbol alone, at a start, before a letter */
    if (gpt2) {
        /* One blank goes with what follows it. */
        starts |= last_space | ((first_letter | first_number | first_symbol) & ~behind_blank);
    } else {
        /* The last space goes with a word, if it is a blank with symbols too; a lone symbol goes with a word. */
        starts |= (lines << 1 & others) | (last_space & others);
        starts |= first_letter & ~(others << 1 | lone << 1);
        starts |= first_symbol & ~behind_blank;
        starts |= first_number;
        if (digits == 1) starts |= numbers;
        uint64_t fourth = numbers & numbers << 1 & numbers << 2 & numbers << 3;
        for (uint64_t group = first_number << 3 & fourth; group; group = group << 3 & fourth) starts |= group;
    }
    for (uint64_t rest = lone & masks.apostrophes & low_bits(61); rest; rest &= rest - 1) {
        unsigned at = (unsigned)__builtin_ctzll(rest);
        uint64_t behind = behind_contraction(text, at, gpt2 ? 0 : 0x20);
        if (behind && gpt2) starts &= ~((uint64_t)2 << at);
        starts |= behind & letters;
    }

    /* What the bytes behind the window may still change: the last two places, and white space that goes on. */
    uint64_t certain = inside >> 2;
    if (spaces >> (valid - 1) & 1) {
        uint64_t before = inside & ~spaces;
        certain &= before ? low_bits(65 - (unsigned)__builtin_clzll(before)) : 1;
    }
    return starts & certain;
}

#endif
#endif
