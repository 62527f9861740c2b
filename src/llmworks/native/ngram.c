// The n-gram model as an automaton: a state is the longest context that the trie knows.
//
//     read w:  child of the state by w?  ──yes──▶ its log p;  the child is the next state
//                      │ no                          (or, at the highest order, the child's suffix)
//                      ▼
//              add log γ(state), go to the state's suffix, ask again
//
// Children of a node lie side by side, sorted by word; every node's suffix is in the trie. See text/ngram.py.

#include <stddef.h>
#include <stdint.h>

#define EXPORT __attribute__((visibility("default")))

typedef struct {
    const int32_t *words;       // of each node its last word
    const int32_t *children;    // first child of each inner node, and one more
    const int32_t *suffixes;    // the node without its first word
    const float *log_probs;     // of each node
    const float *log_backoffs;  // of each inner node
    int32_t inner;              // nodes that may have children come first
    float log_floor;            // 0, or log(1/V) where what is not found goes to the uniform distribution
} NGram;

static int32_t find(const NGram *g, int32_t node, int32_t word) {
    int32_t low = g->children[node], high = g->children[node + 1];
    if (node == 0) return low + word;  // the root knows every word
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (g->words[middle] < word) low = middle + 1;
        else high = middle;
    }
    return low < g->children[node + 1] && g->words[low] == word ? low : -1;
}

// Log probability of each of `count` words from `state` on; returns the state after the last.
EXPORT int32_t lw_ngram_score(const NGram *g, const int32_t *ids, size_t count, int32_t state, float *out) {
    for (size_t i = 0; i < count; i++) {
        double total = 0;
        int32_t node = state, child = find(g, node, ids[i]), missed = child < 0;
        if (missed) total = g->log_backoffs[node];
        while (child < 0) {
            node = g->suffixes[node];
            child = find(g, node, ids[i]);
            if (child < 0) total += g->log_backoffs[node];
        }
        if (missed && g->log_floor < 0) out[i] = g->log_backoffs[state] + g->log_floor;
        else out[i] = (float)(total + g->log_probs[child]);
        state = child < g->inner ? child : g->suffixes[child];
    }
    return state;
}
