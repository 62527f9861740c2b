/* Byte tries: which entries of a vocabulary begin here? A double array, one comparison a byte.

       child of node n by byte c  =  base[n] ^ c,  if it names n as its parent

   Source: Aoe, "An efficient digital search algorithm by using a double-array structure" (1989), with
   xor for plus, so that the children of a node share one block of 256. */
#ifndef LW_PIECE_TRIE_H
#define LW_PIECE_TRIE_H

#include <stddef.h>
#include <stdint.h>

#define LW_EXPORT __attribute__((visibility("default")))

struct lw_node {
    int32_t base;   /* 0: no children */
    int32_t parent; /* -1: free, or the root */
    int32_t value;  /* -1: no entry ends here */
};

struct lw_trie {
    struct lw_node *nodes;
    size_t size;
};

/* `keys` joined, key k ending at ends[k], sorted as bytes and all different; values from 0.
   NULL without memory. */
LW_EXPORT struct lw_trie *lw_trie_new(const char *keys, const uint32_t *ends, const int32_t *values, size_t count);
LW_EXPORT void lw_trie_free(struct lw_trie *trie);

static inline int32_t lw_trie_step(const struct lw_trie *trie, int32_t node, uint8_t byte)
{
    int32_t next = trie->nodes[node].base ^ byte;
    return trie->nodes[next].parent == node ? next : -1;
}

/* Bytes of the character that begins with `byte`, by its first bits; 1 for a byte inside a character. */
static inline size_t lw_character_length(uint8_t byte)
{
    return byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

/* The same in a text that may be malformed: it ends where its bytes do. */
static inline size_t lw_character_at(const uint8_t *text, size_t at, size_t length)
{
    size_t want = lw_character_length(text[at]), have = 1;
    while (have < want && at + have < length && (text[at + have] & 0xC0) == 0x80)
        have++;
    return have;
}

/* The longest entry at `at`, its length; 0 for none. A NULL trie has none. */
size_t lw_trie_longest(const struct lw_trie *trie, const uint8_t *text, size_t at, size_t length);

/* What turns segments into ids: unknown text becomes its bytes, or one unknown token a run. */
struct lw_output {
    const int32_t *byte_ids; /* 256 ids, or NULL */
    int32_t unk_id;          /* -1: unknown text is left out */
    int merge_unknown;
    int32_t *ids;
    uint32_t *ends; /* the byte behind each token, or NULL */
    size_t count;
    int after_unknown;
};

void lw_put(struct lw_output *output, int32_t id, const uint8_t *text, size_t start, size_t end);

#endif
