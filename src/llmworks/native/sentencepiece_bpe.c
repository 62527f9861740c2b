/* SentencePiece's BPE: of all neighbours that joined are a piece, the pair with the best score is joined, the
   leftmost among equals, until there is none.

       h e l l o  ->  h e ll o  ->  he ll o  ->  hell o  ->  hello

   Symbols in a doubly linked list, pairs in a heap; a pair whose symbols have changed since is thrown away
   when it comes up. A symbol remembers its node in the trie, so that looking a pair up walks only its right
   half. Source: google/sentencepiece, bpe_model.cc (the order of merges; the fate of unused pieces). */
#include "piece_trie.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_DEPTH = 100 };
enum kind { NORMAL = 0, UNUSED = 1, NEVER = 2 };

struct symbol {
    uint32_t start, length; /* length 0: joined to the symbol on its left */
    int32_t previous, next;
    int32_t node; /* in the trie of pieces; -1: no piece begins so, -2: never joined */
};

struct pair {
    float score;
    uint32_t left, right, length;
};

struct bpe {
    const struct lw_trie *pieces;
    const float *scores;
    const uint8_t *kinds; /* by id; NULL: all NORMAL */
    const uint8_t *text;
    struct symbol *symbols;
    struct pair *heap;
    size_t n_pairs, capacity;
    int32_t *left_halves; /* by id of an unused piece: bytes of the left half it was made of; NULL: none */
    struct lw_output output;
};

static int before(const struct pair *a, const struct pair *b)
{
    return a->score > b->score || (a->score == b->score && a->left < b->left);
}

static int heap_push(struct bpe *b, struct pair pair)
{
    if (b->n_pairs == b->capacity) {
        size_t capacity = b->capacity ? b->capacity * 2 : 256;
        struct pair *heap = realloc(b->heap, capacity * sizeof *heap);
        if (!heap)
            return 0;
        b->heap = heap;
        b->capacity = capacity;
    }
    size_t at = b->n_pairs++;
    for (; at && before(&pair, &b->heap[(at - 1) / 2]); at = (at - 1) / 2)
        b->heap[at] = b->heap[(at - 1) / 2];
    b->heap[at] = pair;
    return 1;
}

static struct pair heap_pop(struct bpe *b)
{
    struct pair top = b->heap[0], last = b->heap[--b->n_pairs];
    size_t at = 0;
    for (size_t child; (child = 2 * at + 1) < b->n_pairs; at = child) {
        if (child + 1 < b->n_pairs && before(&b->heap[child + 1], &b->heap[child]))
            child++;
        if (!before(&b->heap[child], &last))
            break;
        b->heap[at] = b->heap[child];
    }
    b->heap[at] = last;
    return top;
}

static int32_t walk(const struct bpe *b, int32_t node, uint32_t start, uint32_t length)
{
    for (uint32_t i = start; node >= 0 && i < start + length; i++)
        node = lw_trie_step(b->pieces, node, b->text[i]);
    return node;
}

static int32_t piece_of(const struct bpe *b, int32_t node)
{
    int32_t id = node < 0 ? -1 : b->pieces->nodes[node].value;
    return id >= 0 && b->kinds && b->kinds[id] == NEVER ? -1 : id;
}

static int offer(struct bpe *b, int32_t left, int32_t right)
{
    if (left < 0 || right < 0)
        return 1;
    const struct symbol *l = &b->symbols[left], *r = &b->symbols[right];
    if (l->node < 0 || r->node == -2)
        return 1;
    int32_t id = piece_of(b, walk(b, l->node, r->start, r->length));
    if (id < 0)
        return 1;
    if (b->left_halves && b->kinds && b->kinds[id] == UNUSED)
        b->left_halves[id] = (int32_t)l->length;
    return heap_push(b, (struct pair){b->scores[id], (uint32_t)left, (uint32_t)right, l->length + r->length});
}

static int join_all(struct bpe *b)
{
    while (b->n_pairs) {
        struct pair pair = heap_pop(b);
        struct symbol *l = &b->symbols[pair.left], *r = &b->symbols[pair.right];
        if (!l->length || !r->length || l->length + r->length != pair.length)
            continue;
        l->node = walk(b, l->node, r->start, r->length);
        l->length += r->length;
        l->next = r->next;
        if (r->next >= 0)
            b->symbols[r->next].previous = (int32_t)pair.left;
        r->length = 0;
        if (!offer(b, l->previous, (int32_t)pair.left) || !offer(b, (int32_t)pair.left, l->next))
            return 0;
    }
    return 1;
}

/* An unused piece falls apart again into what it was made of. */
static void put(struct bpe *b, uint32_t start, uint32_t length, int depth)
{
    int32_t id = piece_of(b, walk(b, 0, start, length));
    int32_t left = 0;
    if (id >= 0 && depth <= MOST_DEPTH && b->left_halves && b->kinds && b->kinds[id] == UNUSED) {
        left = b->left_halves[id];
        if (left <= 0)
            id = -1;
    }
    if (left > 0 && (uint32_t)left < length) {
        put(b, start, (uint32_t)left, depth + 1);
        put(b, start + (uint32_t)left, length - (uint32_t)left, depth + 1);
        return;
    }
    lw_put(&b->output, id, b->text, start, start + length);
}

/* One stretch that no merge crosses. */
static int encode_stretch(struct bpe *b, const struct lw_trie *frozen, size_t start, size_t end)
{
    size_t count = 0;
    for (size_t at = start; at < end; count++) {
        size_t length = lw_trie_longest(frozen, b->text, at, end);
        int freeze = length > 0;
        if (!freeze)
            length = lw_character_at(b->text, at, end);
        b->symbols[count] = (struct symbol){(uint32_t)at, (uint32_t)length, (int32_t)count - 1,
                                            at + length == end ? -1 : (int32_t)count + 1, 0};
        b->symbols[count].node = freeze ? -2 : walk(b, 0, (uint32_t)at, (uint32_t)length);
        at += length;
    }
    b->n_pairs = 0;
    for (size_t i = 1; i < count; i++)
        if (!offer(b, (int32_t)i - 1, (int32_t)i))
            return 0;
    if (!join_all(b))
        return 0;
    for (int32_t i = count ? 0 : -1; i >= 0; i = b->symbols[i].next)
        put(b, b->symbols[i].start, b->symbols[i].length, 0);
    return 1;
}

/* Where the stretch ends that begins at `at`: at a `▁` behind something else, where no piece goes on. */
static size_t stretch_end(const uint8_t *text, size_t at, size_t length, int words)
{
    static const uint8_t MARK[3] = {0xE2, 0x96, 0x81};
    if (!words)
        return length;
    int in_marks = 1;
    while (at < length) {
        int is_mark = length - at >= 3 && memcmp(text + at, MARK, 3) == 0;
        if (is_mark && !in_marks)
            return at;
        in_marks = is_mark;
        at += is_mark ? 3 : 1;
    }
    return length;
}

/* Ids and the bytes behind them (or NULL), with room for one a byte. pieces: values are ids. frozen: the
   user's own symbols, never joined (or NULL). words: no piece has a `▁` behind another character, so words
   are joined one by one. resegment: unused pieces fall apart. Returns how many, or SIZE_MAX without memory. */
LW_EXPORT size_t lw_piece_bpe_encode(const struct lw_trie *pieces, const struct lw_trie *frozen,
                                     const float *scores, const uint8_t *kinds, size_t n_pieces,
                                     int32_t unk_id, const int32_t *byte_ids, int merge_unknown, int words,
                                     int resegment, const char *text, size_t length, int32_t *ids,
                                     uint32_t *ends)
{
    struct bpe b = {.pieces = pieces, .scores = scores, .kinds = kinds, .text = (const uint8_t *)text};
    b.output = (struct lw_output){byte_ids, unk_id, merge_unknown, ids, ends, 0, 0};
    size_t longest = 0;
    for (size_t at = 0, end; at < length; at = end) {
        end = stretch_end(b.text, at, length, words);
        longest = end - at > longest ? end - at : longest;
    }
    int good = 1;
    b.symbols = malloc((longest + 1) * sizeof *b.symbols);
    if (resegment)
        b.left_halves = calloc(n_pieces + 1, sizeof *b.left_halves);
    if (!b.symbols || (resegment && !b.left_halves))
        good = 0;
    for (size_t at = 0, end; good && at < length; at = end) {
        end = stretch_end(b.text, at, length, words);
        good = encode_stretch(&b, frozen, at, end);
    }
    free(b.symbols);
    free(b.heap);
    free(b.left_halves);
    return good ? b.output.count : SIZE_MAX;
}
