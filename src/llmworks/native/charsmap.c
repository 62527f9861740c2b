/* SentencePiece's normaliser: at each place the longest rule of a precompiled map applies.

       ﬁ -> fi,  Ａ -> A,  e + ◌́ -> é,   then blanks are thinned and written as `▁`

   The map is a Darts double array (unit: label in bits 0 to 7, leaf below in bit 8, offset in bits 10 to 30,
   shifted by 8 more with bit 9; a leaf has bit 31 and the place of its replacement) and the replacements, each
   ended by NUL. The caller has checked that every offset stays inside.
   Source: google/sentencepiece, normalizer.cc; s-yata/darts-clone. */
#include "piece_trie.h"

#include <string.h>

struct rules {
    const uint32_t *units; /* NULL: no rules */
    const char *replacements;
    size_t replacements_size;
    const struct lw_trie *kept; /* the user's own symbols stay as they are; or NULL */
};

static uint32_t offset_of(uint32_t unit) { return (unit >> 10) << ((unit & (1u << 9)) >> 6); }

static size_t longest_rule(const struct rules *rules, const uint8_t *text, size_t length, uint32_t *value)
{
    size_t longest = 0;
    if (!rules->units)
        return 0;
    uint32_t at = offset_of(rules->units[0]);
    for (size_t i = 0; i < length; i++) {
        at ^= text[i];
        uint32_t unit = rules->units[at];
        if ((unit & (0x80000000u | 0xFF)) != text[i])
            break;
        at ^= offset_of(unit);
        if ((unit >> 8) & 1) {
            longest = i + 1;
            *value = rules->units[at] & 0x7FFFFFFFu;
        }
    }
    return *value < rules->replacements_size ? longest : 0;
}

/* Length of the well-formed character at the start, or 0. */
static size_t well_formed(const uint8_t *text, size_t length)
{
    size_t want = lw_character_length(text[0]);
    if (text[0] < 0x80)
        return 1;
    if (want == 1 || want > length || text[0] < 0xC2 || text[0] > 0xF4)
        return 0;
    for (size_t i = 1; i < want; i++)
        if ((text[i] & 0xC0) != 0x80)
            return 0;
    if ((text[0] == 0xE0 && text[1] < 0xA0) || (text[0] == 0xED && text[1] > 0x9F) ||
        (text[0] == 0xF0 && text[1] < 0x90) || (text[0] == 0xF4 && text[1] > 0x8F))
        return 0;
    return want;
}

/* What the text at `at` becomes: `*out`, `*out_length`. Returns how much of the text that is. */
static size_t next(const struct rules *rules, const uint8_t *text, size_t at, size_t length,
                   const uint8_t **out, size_t *out_length)
{
    size_t kept = lw_trie_longest(rules->kept, text, at, length);
    *out = text + at;
    if (kept)
        return *out_length = kept;
    uint32_t value = 0;
    size_t ruled = longest_rule(rules, text + at, length - at, &value);
    if (ruled) {
        *out = (const uint8_t *)rules->replacements + value;
        *out_length = strlen((const char *)*out);
        return ruled;
    }
    size_t whole = well_formed(text + at, length - at);
    if (whole)
        return *out_length = whole;
    *out = (const uint8_t *)"\xEF\xBF\xBD";
    *out_length = 3;
    return 1;
}

enum { DUMMY_PREFIX = 1, THIN = 2, ESCAPE = 4, SUFFIX = 8 };

/* Writes the normalised text into `out` while it fits and returns its length; the caller comes again with
   more room where that is greater than `room`. With flags 0 only the rules apply. */
LW_EXPORT size_t lw_normalize(const uint32_t *units, const char *replacements, size_t replacements_size,
                              const struct lw_trie *kept, int flags, const char *string, size_t length,
                              char *out, size_t room)
{
    const struct rules rules = {units, replacements, replacements_size, kept};
    const uint8_t *text = (const uint8_t *)string, *piece = NULL;
    const char *blank = flags & ESCAPE ? "\xE2\x96\x81" : " ";
    size_t blank_length = strlen(blank), made = 0, at = 0, size = 0;
#define PUT(bytes, count)                                                                                    \
    do {                                                                                                     \
        if (made + (count) <= room)                                                                          \
            memcpy(out + made, bytes, count);                                                                \
        made += (count);                                                                                     \
    } while (0)
    while (flags & THIN && at < length) {
        size_t taken = next(&rules, text, at, length, &piece, &size);
        if (size != 1 || piece[0] != ' ')
            break;
        at += taken;
    }
    if (at == length)
        return 0;
    if (flags & DUMMY_PREFIX && !(flags & SUFFIX))
        PUT(blank, blank_length);
    int after_blank = (flags & THIN) != 0;
    while (at < length) {
        at += next(&rules, text, at, length, &piece, &size);
        while (after_blank && size && piece[0] == ' ')
            piece++, size--;
        for (size_t i = 0; i < size; i++) {
            if (piece[i] == ' ') {
                PUT(blank, blank_length);
            } else {
                PUT(piece + i, 1);
            }
        }
        if (size)
            after_blank = (flags & THIN) && piece[size - 1] == ' ';
    }
    if (flags & THIN && made <= room)
        while (made >= blank_length && memcmp(out + made - blank_length, blank, blank_length) == 0)
            made -= blank_length;
    if (flags & DUMMY_PREFIX && flags & SUFFIX)
        PUT(blank, blank_length);
#undef PUT
    return made;
}
