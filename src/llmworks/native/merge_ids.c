/* The merges of BPE over ids: what `merge_all` in text/python_bpe.py does, for any alphabet.
 *
 *     [l, o, w, e, r]  --(e,r) (l,o) (lo,w) …-->  [low, er]
 *
 * A pair (left, right) is one 64-bit key of an open hash table, its value the priority and the result. Candidates
 * stand in a heap by priority and place, over a doubly linked list of parts: O(n log n). Priorities are those of
 * one pair each, so a candidate is out of date exactly when the pair at its place has another one now.
 * Source: Sennrich et al. 2016, arXiv:1508.07909. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#if defined(__GNUC__)
#define LW_EXPORT __attribute__((visibility("default")))
#else
#define LW_EXPORT
#endif

#define FREE UINT64_MAX

enum { ON_STACK = 128 };

typedef struct {
    uint64_t key;   /* left << 32 | right; FREE: no merge here */
    uint64_t value; /* priority << 32 | result */
} slot;

typedef struct {
    slot *slots;
    size_t mask;
} lw_merges;

typedef struct {
    const lw_merges *merges;
    int32_t *ids;             /* parts; a merged one keeps the place of its left half */
    uint32_t *next, *previous;
    uint64_t *heap; /* priority << 32 | place */
    size_t count, size;
} work;

static inline size_t place_of(uint64_t key, size_t mask) {
    key *= 0x9E3779B97F4A7C15u;
    return (size_t)(key ^ key >> 29) & mask;
}

static uint64_t find(const lw_merges *merges, int32_t left, int32_t right) {
    uint64_t key = (uint64_t)(uint32_t)left << 32 | (uint32_t)right;
    size_t at = place_of(key, merges->mask);
    for (; merges->slots[at].key != FREE; at = (at + 1) & merges->mask)
        if (merges->slots[at].key == key) return merges->slots[at].value;
    return FREE;
}

static void push(work *w, uint64_t item) {
    size_t at = w->size++;
    for (; at > 0 && item < w->heap[(at - 1) / 2]; at = (at - 1) / 2) w->heap[at] = w->heap[(at - 1) / 2];
    w->heap[at] = item;
}

static uint64_t pop(work *w) {
    uint64_t top = w->heap[0], item = w->heap[--w->size];
    size_t at = 0;
    for (size_t child; (child = 2 * at + 1) < w->size; at = child) {
        child += child + 1 < w->size && w->heap[child + 1] < w->heap[child];
        if (item <= w->heap[child]) break;
        w->heap[at] = w->heap[child];
    }
    w->heap[at] = item;
    return top;
}

static uint64_t merge_at(const work *w, uint32_t place) {
    uint32_t after = w->next[place];
    if (after >= w->count || w->ids[place] < 0) return FREE;
    return find(w->merges, w->ids[place], w->ids[after]);
}

static void offer(work *w, uint32_t place) {
    uint64_t merge = merge_at(w, place);
    if (merge != FREE) push(w, (merge >> 32 << 32) | place);
}

static size_t merge_all(work *w) {
    for (size_t i = 0; i < w->count; i++) w->next[i] = (uint32_t)i + 1, w->previous[i] = (uint32_t)i - 1;
    for (size_t i = 0; i + 1 < w->count; i++) offer(w, (uint32_t)i);
    while (w->size > 0) {
        uint64_t best = pop(w);
        uint32_t place = (uint32_t)best, gone, after;
        uint64_t merge = merge_at(w, place);
        if (merge == FREE || merge >> 32 != best >> 32) continue;
        gone = w->next[place], after = w->next[gone];
        w->ids[place] = (int32_t)(uint32_t)merge;
        w->ids[gone] = -1;
        w->next[place] = after;
        if (after < w->count) w->previous[after] = place;
        if (place > 0) offer(w, w->previous[place]);
        offer(w, place);
    }
    size_t found = 0;
    for (size_t place = 0; place < w->count; place = w->next[place]) w->ids[found++] = w->ids[place];
    return found;
}

LW_EXPORT void lw_merges_free(lw_merges *merges) {
    if (!merges) return;
    free(merges->slots);
    free(merges);
}

/* keys: left << 32 | right, no pair twice, no id negative. values: priority << 32 | result, no priority twice.
 * NULL when memory runs out. */
LW_EXPORT lw_merges *lw_merges_new(const uint64_t *keys, const uint64_t *values, size_t count) {
    lw_merges *merges = calloc(1, sizeof *merges);
    size_t room = 256;
    while (room / 4 * 3 < count) room *= 2;
    if (!merges) return NULL;
    merges->mask = room - 1;
    merges->slots = malloc(room * sizeof *merges->slots);
    if (!merges->slots) return free(merges), NULL;
    for (size_t i = 0; i < room; i++) merges->slots[i].key = FREE;
    for (size_t i = 0; i < count; i++) {
        size_t at = place_of(keys[i], merges->mask);
        while (merges->slots[at].key != FREE) at = (at + 1) & merges->mask;
        merges->slots[at] = (slot){keys[i], values[i]};
    }
    return merges;
}

/* Merges ids[0..count) in place, count < 2^31; returns how many are left, SIZE_MAX without memory. */
LW_EXPORT size_t lw_merge_ids(const lw_merges *merges, int32_t *ids, size_t count) {
    uint32_t links[2 * ON_STACK];
    uint64_t heap[2 * ON_STACK];
    work w = {merges, ids, links, links + ON_STACK, heap, count, 0};
    if (count <= ON_STACK) return merge_all(&w);
    /* A merge takes one candidate out and puts in two at most, and there are count - 1 merges at most. */
    w.next = malloc(2 * count * sizeof *w.next);
    w.previous = w.next + count;
    w.heap = malloc(2 * count * sizeof *w.heap);
    size_t found = w.next && w.heap ? merge_all(&w) : SIZE_MAX;
    free(w.next), free(w.heap);
    return found;
}
