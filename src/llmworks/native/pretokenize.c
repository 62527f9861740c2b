/* The pre-tokenisers: which bytes BPE may merge with each other.
 *
 *     "I'll pay  12345\n" --cl100k-->  I | 'll | ␣pay | ␣ | ␣ | 123 | 45 | \n
 *
 * Each published pattern is an alternation that a regex engine tries from the left at every position; here
 * each is one function that looks at the class of the next character and decides. Backtracking is worked out
 * by hand beside the function it matters in. Patterns (llmworks.text.patterns has them as regexes):
 *   gpt2            OpenAI GPT-2, src/encoder.py
 *   cl100k, o200k   OpenAI tiktoken, tiktoken_ext/openai_public.py
 *   tekken          Mistral, the pattern in tekken.json
 *   llama3, qwen2   the Split regex of these models' tokenizer.json
 *
 * Text is UTF-8. A byte that is not part of a well-formed character counts as a symbol of its own, so any
 * bytes are cut, and joining the pieces gives them back. */
#include "pretokenize.h"

#include "pretokenize_ascii.h"
#include "unicode_classes.h"

typedef const uint8_t *bytes_t;

#define SET(class) (1u << (class))
#define LETTERS (SET(LW_UPPER) | SET(LW_LOWER) | SET(LW_LETTER))
#define NUMBERS SET(LW_NUMBER)
#define SYMBOLS (SET(LW_OTHER) | SET(LW_MARK))
#define SPACES (SET(LW_SPACE) | SET(LW_NEWLINE) | SET(LW_BLANK))
/* o200k: what may stand in the capital part and in the small part of a word. */
#define CAPITALS (SET(LW_UPPER) | SET(LW_LETTER) | SET(LW_MARK))
#define SMALLS (SET(LW_LOWER) | SET(LW_LETTER) | SET(LW_MARK))

typedef struct {
    unsigned set;    /* SET(class); 0 past the end of the text */
    unsigned length; /* bytes of the character */
} character_t;

static inline int is_tail(uint8_t byte) { return (byte & 0xC0) == 0x80; }

/* A character beyond ASCII. Overlong forms, surrogates, cut-off sequences: one byte, a symbol. */
static character_t wide_character(bytes_t text, size_t pos, size_t end) {
    const character_t malformed = {SET(LW_OTHER), 1};
    size_t left = end - pos;
    uint8_t lead = text[pos];
    uint32_t cp;
    unsigned length;
    if (lead >= 0xC2 && lead < 0xE0 && left >= 2 && is_tail(text[pos + 1])) {
        cp = (lead & 0x1Fu) << 6 | (text[pos + 1] & 0x3Fu);
        length = 2;
    } else if (lead >= 0xE0 && lead < 0xF0 && left >= 3 && is_tail(text[pos + 1]) && is_tail(text[pos + 2])) {
        cp = (lead & 0x0Fu) << 12 | (text[pos + 1] & 0x3Fu) << 6 | (text[pos + 2] & 0x3Fu);
        if (cp < 0x800 || (cp >= 0xD800 && cp < 0xE000)) return malformed;
        length = 3;
    } else if (lead >= 0xF0 && lead < 0xF5 && left >= 4 && is_tail(text[pos + 1]) && is_tail(text[pos + 2]) &&
               is_tail(text[pos + 3])) {
        cp = (lead & 0x07u) << 18 | (text[pos + 1] & 0x3Fu) << 12 | (text[pos + 2] & 0x3Fu) << 6 |
             (text[pos + 3] & 0x3Fu);
        if (cp < 0x10000 || cp > 0x10FFFF) return malformed;
        length = 4;
    } else {
        return malformed;
    }
    return (character_t){SET(LW_CLASS_ROWS[LW_CLASS_INDEX[cp >> 7]][cp & 127]), length};
}

static inline character_t character_at(bytes_t text, size_t pos, size_t end) {
    if (pos >= end) return (character_t){0, 0};
    if (text[pos] < 0x80) return (character_t){SET(LW_CLASS_ROWS[0][text[pos]]), 1};
    return wide_character(text, pos, end);
}

/* Past every character of these classes. Letters of two and three bytes, nearly all that is not ASCII, are read
 * on the spot where at least four bytes are left. */
static size_t skip(bytes_t text, size_t pos, size_t end, unsigned sets) {
    while (pos + 4 <= end) {
        uint8_t lead = text[pos];
        uint32_t cp = lead;
        unsigned length = 1;
        if (lead >= 0xC2 && lead < 0xE0 && is_tail(text[pos + 1])) {
            cp = (lead & 0x1Fu) << 6 | (text[pos + 1] & 0x3Fu);
            length = 2;
        } else if (lead >= 0xE0 && lead < 0xED && is_tail(text[pos + 1]) && is_tail(text[pos + 2]) &&
                   (lead > 0xE0 || text[pos + 1] >= 0xA0)) {
            cp = (lead & 0x0Fu) << 12 | (text[pos + 1] & 0x3Fu) << 6 | (text[pos + 2] & 0x3Fu);
            length = 3;
        } else if (lead >= 0x80) {
            character_t next = wide_character(text, pos, end);
            if (!(next.set & sets)) return pos;
            pos += next.length;
            continue;
        }
        if (!(SET(LW_CLASS_ROWS[LW_CLASS_INDEX[cp >> 7]][cp & 127]) & sets)) return pos;
        pos += length;
    }
    for (;;) {
        character_t next = character_at(text, pos, end);
        if (!(next.set & sets)) return pos;
        pos += next.length;
    }
}

static size_t skip_up_to(bytes_t text, size_t pos, size_t end, unsigned sets, int most) {
    for (; most > 0; most--) {
        character_t next = character_at(text, pos, end);
        if (!(next.set & sets)) break;
        pos += next.length;
    }
    return pos;
}

/* Past 's 't 'm 'd 're 've 'll at pos, or pos when none stands there. Without regard to case, 's is also
 * written with ſ (U+017F), which Unicode folds to s. */
static size_t contraction(bytes_t text, size_t pos, size_t end, int any_case) {
    if (pos + 1 >= end || text[pos] != '\'') return pos;
    uint8_t fold = any_case ? 0x20 : 0;
    uint8_t first = text[pos + 1] | fold;
    if (first == 's' || first == 't' || first == 'm' || first == 'd') return pos + 2;
    if (pos + 2 >= end) return pos;
    if (any_case && text[pos + 1] == 0xC5 && text[pos + 2] == 0xBF) return pos + 3;
    uint8_t second = text[pos + 2] | fold;
    int known = (first == 'r' && second == 'e') || (first == 'v' && second == 'e') || (first == 'l' && second == 'l');
    return known ? pos + 3 : pos;
}

/* White space at pos: `\s++$` (whole_tail), `\s*[\r\n]+` (lines), `\s+(?!\S)`, `\s+`, in this order.
 * The third gives its last character back when a word follows: "a   b" keeps one blank for "␣b". */
static size_t spaces(bytes_t text, size_t pos, size_t end, int whole_tail, int lines) {
    size_t at = pos, last = pos, after_line = pos;
    for (;;) {
        character_t next = character_at(text, at, end);
        if (!(next.set & SPACES)) break;
        last = at;
        at += next.length;
        if (next.set == SET(LW_NEWLINE)) after_line = at;
    }
    if (whole_tail && at == end) return at;
    if (lines && after_line > pos) return after_line;
    return at == end || last == pos ? at : last;
}

/* '(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+ */
static size_t next_gpt2(bytes_t text, size_t pos, size_t end) {
    size_t after = contraction(text, pos, end, 0);
    if (after > pos) return after;
    size_t start = text[pos] == ' ' ? pos + 1 : pos;
    unsigned set = character_at(text, start, end).set;
    if (set & LETTERS) return skip(text, start, end, LETTERS);
    if (set & NUMBERS) return skip(text, start, end, NUMBERS);
    if (set & SYMBOLS) return skip(text, start, end, SYMBOLS);
    return spaces(text, pos, end, 0, 0);
}

/* \p{N} alone, and between numbers what GPT-2 does: blanks before a number are at the end of their text. */
static size_t next_gpt2_digits(bytes_t text, size_t pos, size_t end) {
    character_t here = character_at(text, pos, end);
    if (here.set & NUMBERS) return pos + here.length;
    if (here.set & SPACES) {
        size_t after = skip(text, pos, end, SPACES);
        if (character_at(text, after, end).set & NUMBERS) return after;
    }
    return next_gpt2(text, pos, end);
}

/* ' ?[^\s\p{L}\p{N}]+[\r\n]*', or with [\r\n/]*: a symbol run from pos, or pos when there is none. */
static size_t symbols(bytes_t text, size_t pos, size_t end, int slashes) {
    size_t start = text[pos] == ' ' ? pos + 1 : pos;
    size_t at = skip(text, start, end, SYMBOLS);
    if (at == start) return pos;
    while (at < end && (text[at] == '\r' || text[at] == '\n' || (slashes && text[at] == '/'))) at++;
    return at;
}

/* '(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|…spaces */
static size_t next_cl100k(bytes_t text, size_t pos, size_t end, int digits, int whole_tail) {
    size_t after = contraction(text, pos, end, 1);
    if (after > pos) return after;
    character_t here = character_at(text, pos, end);
    if (here.set & LETTERS) return skip(text, pos, end, LETTERS);
    if (here.set & NUMBERS) return skip_up_to(text, pos, end, NUMBERS, digits);
    if (here.set != SET(LW_NEWLINE) && character_at(text, pos + here.length, end).set & LETTERS)
        return skip(text, pos + here.length, end, LETTERS);
    after = symbols(text, pos, end, 0);
    return after > pos ? after : spaces(text, pos, end, whole_tail, 1);
}

/* The word of o200k at pos, or pos: [C]*[S]+ or else [C]+[S]*, C capitals and S smalls, which share the
 * letters without case and the marks. The first runs through C and wants an S then. Only a lower-case letter
 * is S and not C, so when none follows, the engine gives characters back until one that is S too: the
 * word ends right after the last such one. When the run holds none, the second form takes it whole. */
static size_t word_o200k(bytes_t text, size_t pos, size_t end, int second_form) {
    size_t at = pos, after_small = pos;
    for (;;) {
        character_t next = character_at(text, at, end);
        if (!(next.set & CAPITALS)) break;
        at += next.length;
        if (next.set & SMALLS) after_small = at;
    }
    if (character_at(text, at, end).set & SMALLS) return skip(text, at, end, SMALLS);
    return after_small > pos || !second_form ? after_small : at;
}

/* tekken: the same without the contractions behind a word, every digit alone. */
static size_t next_o200k(bytes_t text, size_t pos, size_t end, int contractions, int digits) {
    character_t here = character_at(text, pos, end);
    size_t after = pos;
    if (here.set & LETTERS) {
        after = word_o200k(text, pos, end, 1);
    } else if (!(here.set & (NUMBERS | SET(LW_NEWLINE)))) {
        /* One character of any other kind may lead the word. A mark may also be a word by itself, which
         * the engine tries before it tries the second form behind the mark. */
        size_t start = pos + here.length;
        after = word_o200k(text, start, end, here.set != SET(LW_MARK));
        if (after == start) after = here.set == SET(LW_MARK) ? start : pos;
    }
    if (after > pos) return contractions ? contraction(text, after, end, 1) : after;
    if (here.set & NUMBERS) return skip_up_to(text, pos, end, NUMBERS, digits);
    after = symbols(text, pos, end, 1);
    return after > pos ? after : spaces(text, pos, end, 0, 1);
}

static inline size_t next_piece(int pattern, bytes_t text, size_t pos, size_t end) {
    switch (pattern) {
    case LW_GPT2: return next_gpt2(text, pos, end);
    case LW_CL100K: return next_cl100k(text, pos, end, 3, 1);
    case LW_LLAMA3: return next_cl100k(text, pos, end, 3, 0);
    case LW_O200K: return next_o200k(text, pos, end, 1, 3);
    case LW_TEKKEN: return next_o200k(text, pos, end, 0, 1);
    case LW_GPT2_DIGITS: return next_gpt2_digits(text, pos, end);
    default: return next_cl100k(text, pos, end, 1, 0);
    }
}

size_t lw_next_piece(int pattern, bytes_t text, size_t pos, size_t end) {
    return next_piece(pattern, text, pos, end);
}

#ifdef LW_ASCII_WINDOW
/* Which patterns the bit masks know, and the length of their groups of digits; -1 for the others. */
static const int WINDOW_DIGITS[LW_PATTERNS] = {
    [LW_GPT2] = 0, [LW_CL100K] = 3, [LW_LLAMA3] = 3, [LW_QWEN2] = 1, [LW_O200K] = -1, [LW_GPT2_DIGITS] = -1,
    [LW_TEKKEN] = -1,
};

size_t lw_pieces(int pattern, bytes_t text, size_t pos, size_t end, size_t *ends, size_t room) {
    size_t count = 0;
    int digits = WINDOW_DIGITS[pattern];
    while (pos < end && count < room) {
        uint64_t starts = 0;
        if (digits >= 0 && pos + LW_ASCII_WINDOW <= end && eight_are_ascii(text + pos))
            starts = piece_starts(text + pos, digits) & ~(uint64_t)1;
        if (!starts) {
            ends[count++] = pos = next_piece(pattern, text, pos, end);
            continue;
        }
        size_t window = pos;
        for (; starts && count < room; starts &= starts - 1)
            ends[count++] = pos = window + (size_t)__builtin_ctzll(starts);
    }
    return count;
}
#else
size_t lw_pieces(int pattern, bytes_t text, size_t pos, size_t end, size_t *ends, size_t room) {
    size_t count = 0;
    while (pos < end && count < room) ends[count++] = pos = next_piece(pattern, text, pos, end);
    return count;
}
#endif
