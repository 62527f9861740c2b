/* Cut text into the pieces that BPE works within, as the published regexes do. See pretokenize.c. */
#ifndef LW_PRETOKENIZE_H
#define LW_PRETOKENIZE_H
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define LW_EXPORT __attribute__((visibility("default")))
#else
#define LW_EXPORT
#endif

/* Numbered as in llmworks.text.patterns.PATTERN_NUMBERS. */
enum lw_pattern { LW_GPT2, LW_CL100K, LW_LLAMA3, LW_O200K, LW_QWEN2, LW_GPT2_DIGITS, LW_TEKKEN, LW_PATTERNS };

/* End of the piece that starts at `pos` of text[0..end); pos < end. Always > pos, never > end.
 * `end` is the end of the text for the regexes' look-ahead: cut at special tokens before, not after. */
LW_EXPORT size_t lw_next_piece(int pattern, const uint8_t *text, size_t pos, size_t end);

/* Ends of up to `room` pieces from `pos` on, into ends[]; returns how many. The fast way to many pieces. */
LW_EXPORT size_t lw_pieces(int pattern, const uint8_t *text, size_t pos, size_t end, size_t *ends, size_t room);

#endif
