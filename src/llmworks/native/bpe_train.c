/* Byte-pair encoding, the training: which pairs of tokens become a token, in which order.
 *
 *     {"low": 5, "lower": 2, "newest": 6}    pairs: w+e 8, o+w 7, l+o 7, ...    merge w+e, count again, ...
 *
 * Source: Sennrich, Haddow, Birch, "Neural Machine Translation of Rare Words with Subword Units", 2016. The
 * naive algorithm counts every adjacent pair in every word, merges the most frequent pair from left to
 * right, and starts over. This file computes exactly that, without starting over. Among equally frequent
 * pairs the greatest wins: by the bytes of its left token, then of its right one.
 *
 * The words. All different words lie in one array with a slot a byte and BOUNDARY between them (bpe_words.c).
 * A token of several bytes has its id in its first and in its last slot:
 *
 *     | l o w | n e w e s t |      after w+e = 256, l+o = 257, we+s = 258, wes+t = 259:
 *     | 257 257 w | n e 259 . . 259 |
 *
 * so the right neighbour of the token t at p is at p + length[t], the left one is ids[p - 1], and a merge is
 * three stores. A slot where a token started, and no longer does, is marked INSIDE.
 *
 * The pairs. A hash table holds of each pair its count and its places (those of its left token), ascending.
 * Merging a + b to c touches these places only. A place may be stale (its a or b went into another token in
 * the meantime); that shows when it is visited. New pairs all contain c, so they are born in this step with
 * their final list of places; older pairs only ever lose some. Counts never grow, then, and a priority queue
 * may hold old ones and correct them when they come to its top.
 *
 * The cutoff. Most pairs are rare and never win. Only pairs at or above a cutoff are kept; when none is
 * left, the cutoff falls to a fraction and the pairs are collected anew from the words as they stand.
 */
#include "bpe_train.h"

#include <stdlib.h>
#include <string.h>

#include "bpe_words.h"

#define NOT_KEPT UINT64_MAX
#define CUTOFF_FALL 64 /* the next cutoff is the last one over this */
#define AHEAD 12       /* places to prefetch before they are visited */

#if defined(__GNUC__)
#define PREFETCH(address) __builtin_prefetch(address)
#else
#define PREFETCH(address) ((void)0)
#endif

enum side { LEFT, RIGHT };

typedef struct {
    uint64_t count;
    uint64_t first; /* its places: places[first .. first + n) */
    uint32_t n;     /* 0: a free slot of the table */
    uint32_t left, right;
} pair_entry;

typedef struct {
    uint64_t count;
    uint32_t left, right;
} candidate;

/* Sums over the neighbours on one side of some places; a row for each token that may stand there. */
typedef struct {
    uint64_t *weight; /* [most_tokens] occurrences in the corpus */
    uint64_t *cursor; /* [most_tokens] occurrences in the words; later, where the next one's place goes */
    uint32_t *seen;   /* [n_seen] the tokens whose rows are in use */
    uint32_t n_seen;
} tally;

struct lw_trainer {
    lw_words words;

    uint32_t n_tokens, most_tokens;
    uint32_t *length; /* [most_tokens] bytes of each token */
    uint32_t *start;  /* [most_tokens] somewhere that it stands in `text` */
    uint64_t *prefix; /* [most_tokens] its first eight bytes as a number that orders as they do */

    uint64_t cutoff, min_count;
    uint64_t best_dropped; /* the largest count that missed the cutoff when pairs were collected */
    pair_entry *pairs;       /* [n_slots] a hash table with open addressing */
    size_t n_slots, n_pairs; /* n_slots is a power of two */
    uint32_t *places;
    size_t n_places, places_room;
    candidate *queue; /* a binary heap, the best at [0] */
    size_t n_queued, queue_room;
    tally beside[2]; /* of LEFT and RIGHT neighbours */
};

/* ---- Tokens and their order ---- */

static void name_token(lw_trainer *t, uint32_t start, uint32_t length) {
    uint32_t token = t->n_tokens++;
    t->start[token] = start;
    t->length[token] = length;
    t->prefix[token] = 0;
    for (uint32_t i = 0; i < 8; i++)
        t->prefix[token] = t->prefix[token] << 8 | (i < length ? t->words.text[start + i] : 0);
}

static int compare_tokens(const lw_trainer *t, uint32_t a, uint32_t b) {
    if (t->prefix[a] != t->prefix[b]) return t->prefix[a] < t->prefix[b] ? -1 : 1;
    uint32_t shorter = t->length[a] < t->length[b] ? t->length[a] : t->length[b];
    int order = memcmp(t->words.text + t->start[a], t->words.text + t->start[b], shorter);
    return order ? order : (t->length[a] > t->length[b]) - (t->length[a] < t->length[b]);
}

static bool better(const lw_trainer *t, const candidate *x, const candidate *y) {
    if (x->count != y->count) return x->count > y->count;
    int order = x->left == y->left ? 0 : compare_tokens(t, x->left, y->left);
    return (order ? order : compare_tokens(t, x->right, y->right)) > 0;
}

/* ---- The queue: a binary heap ---- */

/* Let the top sink to its place. */
static void sink(lw_trainer *t) {
    candidate moving = t->queue[0];
    size_t at = 0, child;
    while ((child = 2 * at + 1) < t->n_queued) {
        if (child + 1 < t->n_queued && better(t, &t->queue[child + 1], &t->queue[child])) child++;
        if (!better(t, &t->queue[child], &moving)) break;
        t->queue[at] = t->queue[child];
        at = child;
    }
    t->queue[at] = moving;
}

static void enqueue(lw_trainer *t, candidate moving) {
    size_t at = t->n_queued++;
    while (at && better(t, &moving, &t->queue[(at - 1) / 2])) {
        t->queue[at] = t->queue[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    t->queue[at] = moving;
}

static void drop_top(lw_trainer *t) {
    t->queue[0] = t->queue[--t->n_queued];
    if (t->n_queued) sink(t);
}

/* ---- The table of pairs ---- */

/* Give the array whose pointer stands at `pointer` room for `n` items of `size` bytes, growing by half; false
 * when out of memory. */
static bool reserve(void *pointer, size_t *room, size_t n, size_t size) {
    if (n <= *room) return true;
    size_t wanted = n + n / 2 + 64;
    void *array;
    memcpy(&array, pointer, sizeof array); /* a pointer of any type: not to be read as a void ** */
    array = realloc(array, wanted * size);
    if (!array) return false;
    memcpy(pointer, &array, sizeof array);
    *room = wanted;
    return true;
}

/* The pair's slot, or the free slot where it belongs. */
static pair_entry *find_pair(const lw_trainer *t, uint32_t left, uint32_t right) {
    uint64_t hash = ((uint64_t)left << 32 | right) * 0x9E3779B97F4A7C15u;
    size_t at = (hash ^ hash >> 32) & (t->n_slots - 1);
    while (t->pairs[at].n && (t->pairs[at].left != left || t->pairs[at].right != right))
        at = (at + 1) & (t->n_slots - 1);
    return &t->pairs[at];
}

/* Room for `n` more pairs, in the table (at most half full) and in the queue. */
static bool reserve_pairs(lw_trainer *t, size_t n) {
    if (!reserve(&t->queue, &t->queue_room, t->n_queued + n, sizeof *t->queue)) return false;
    size_t n_old = t->n_slots, n_slots = n_old ? n_old : 1024;
    while (n_slots < 2 * (t->n_pairs + n)) n_slots *= 2;
    if (n_slots == n_old) return true;
    pair_entry *old = t->pairs, *pairs = calloc(n_slots, sizeof *pairs);
    if (!pairs) return false;
    t->pairs = pairs;
    t->n_slots = n_slots;
    for (size_t i = 0; i < n_old; i++)
        if (old[i].n) *find_pair(t, old[i].left, old[i].right) = old[i];
    free(old);
    return true;
}

static void add_pair(lw_trainer *t, pair_entry pair) {
    *find_pair(t, pair.left, pair.right) = pair;
    t->n_pairs++;
    enqueue(t, (candidate){pair.count, pair.left, pair.right});
}

static void weaken_pair(lw_trainer *t, uint32_t left, uint32_t right, uint64_t count) {
    pair_entry *pair = find_pair(t, left, right);
    if (pair->n) pair->count -= count; /* a pair below the cutoff is not kept */
}

/* ---- Neighbours ---- */

static inline void count_beside(tally *beside, uint32_t token, uint64_t weight) {
    if (!beside->cursor[token]++) beside->seen[beside->n_seen++] = token;
    beside->weight[token] += weight;
}

static void clear_tally(tally *beside) {
    for (uint32_t i = 0; i < beside->n_seen; i++) {
        beside->cursor[beside->seen[i]] = 0;
        beside->weight[beside->seen[i]] = 0;
    }
    beside->n_seen = 0;
}

static void tally_right(lw_trainer *t, uint32_t token, const uint32_t *places, uint32_t n) {
    for (uint32_t i = 0; i < n; i++) {
        uint32_t right = t->words.ids[places[i] + t->length[token]];
        if (right != BOUNDARY) count_beside(&t->beside[RIGHT], right, lw_weight_at(&t->words, places[i]));
    }
}

/* On the right, `token` itself does not count: it was counted as a left neighbour already. */
static void tally_both(lw_trainer *t, uint32_t token, const uint32_t *places, uint32_t n) {
    for (uint32_t i = 0; i < n; i++) {
        uint32_t left = t->words.ids[places[i] - 1], right = t->words.ids[places[i] + t->length[token]];
        uint64_t weight = lw_weight_at(&t->words, places[i]);
        if (left != BOUNDARY) count_beside(&t->beside[LEFT], left, weight);
        if (right != BOUNDARY && right != token) count_beside(&t->beside[RIGHT], right, weight);
    }
}

/* Make pairs of `token` and its neighbours on this side, as far as they reach the cutoff, and give each its
 * stretch of t->places. reserve_pairs and room for the places come before. */
static void add_pairs(lw_trainer *t, uint32_t token, enum side side) {
    tally *beside = &t->beside[side];
    for (uint32_t i = 0; i < beside->n_seen; i++) {
        uint32_t other = beside->seen[i], n = (uint32_t)beside->cursor[other];
        uint64_t count = beside->weight[other];
        if (count < t->cutoff) {
            beside->cursor[other] = NOT_KEPT;
            if (count > t->best_dropped) t->best_dropped = count;
            continue;
        }
        beside->cursor[other] = t->n_places;
        uint32_t left = side == LEFT ? other : token, right = side == LEFT ? token : other;
        add_pair(t, (pair_entry){.count = count, .first = t->n_places, .n = n, .left = left, .right = right});
        t->n_places += n;
    }
}

static inline void put_place(lw_trainer *t, tally *beside, uint32_t other, uint32_t place) {
    if (beside->cursor[other] != NOT_KEPT) t->places[beside->cursor[other]++] = place;
}

/* ---- One merge ---- */

/* Write the token that `left` and `right` become over each of their places that is not stale; gather the
 * fresh places in front and return how many they are. From left to right: "aaa" becomes "aa" "a". */
static uint32_t rewrite(lw_trainer *t, const pair_entry *pair, uint32_t token) {
    uint32_t *ids = t->words.ids, *places = t->places + pair->first, n = 0;
    uint32_t left_length = t->length[pair->left], last = t->length[token] - 1;
    for (uint32_t i = 0; i < pair->n; i++) {
        if (i + AHEAD < pair->n) PREFETCH(&ids[places[i + AHEAD]]);
        uint32_t place = places[i];
        if (ids[place] != pair->left || ids[place + left_length] != pair->right) continue;
        ids[place + left_length] = INSIDE;
        ids[place] = ids[place + last] = token;
        places[n++] = place;
    }
    return n;
}

/* What stood beside a + b stands beside c now: x a b y had the pairs x+a and b+y, and x c y has x+c and c+y.
 * Two merged pairs side by side, c c, had b+a between them. */
static void weaken_old_pairs(lw_trainer *t, uint32_t a, uint32_t b, uint32_t c) {
    const tally *lefts = &t->beside[LEFT], *rights = &t->beside[RIGHT];
    for (uint32_t i = 0; i < lefts->n_seen; i++) {
        uint32_t x = lefts->seen[i];
        weaken_pair(t, x == c ? b : x, a, lefts->weight[x]);
    }
    for (uint32_t i = 0; i < rights->n_seen; i++)
        weaken_pair(t, b, rights->seen[i], rights->weight[rights->seen[i]]);
    find_pair(t, a, b)->count = 0;
}

static bool merge(lw_trainer *t, uint32_t a, uint32_t b) {
    const pair_entry pair = *find_pair(t, a, b);
    uint32_t c = t->n_tokens;
    t->length[c] = t->length[a] + t->length[b];
    uint32_t n = rewrite(t, &pair, c);
    name_token(t, t->places[pair.first], t->length[c]);

    tally *lefts = &t->beside[LEFT], *rights = &t->beside[RIGHT];
    tally_both(t, c, t->places + pair.first, n);
    weaken_old_pairs(t, a, b, c);
    if (!reserve(&t->places, &t->places_room, t->n_places + 2 * (size_t)n, sizeof *t->places) ||
        !reserve_pairs(t, (size_t)lefts->n_seen + rights->n_seen))
        return false;
    add_pairs(t, c, LEFT);
    add_pairs(t, c, RIGHT);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t place = t->places[pair.first + i];
        uint32_t left = t->words.ids[place - 1], right = t->words.ids[place + t->length[c]];
        if (left != BOUNDARY) put_place(t, lefts, left, place - t->length[left]);
        if (right != BOUNDARY && right != c) put_place(t, rights, right, place);
    }
    clear_tally(lefts);
    clear_tally(rights);
    return true;
}

/* ---- Collecting all pairs at or above the cutoff ---- */

static inline uint32_t slots_at(const lw_trainer *t, uint32_t place) {
    return t->words.ids[place] == BOUNDARY ? 1 : t->length[t->words.ids[place]];
}

/* Sort the places of all tokens by token: those of token i go to places[ends[i - 1] .. ends[i]). */
static bool sort_places(lw_trainer *t, size_t *ends) {
    memset(ends, 0, (t->n_tokens + 1) * sizeof *ends);
    for (uint32_t p = N_BYTES; p < t->words.n_slots; p += slots_at(t, p))
        if (t->words.ids[p] != BOUNDARY) ends[t->words.ids[p] + 1]++;
    for (uint32_t i = 0; i < t->n_tokens; i++) ends[i + 1] += ends[i];
    if (!reserve(&t->places, &t->places_room, ends[t->n_tokens], sizeof *t->places)) return false;
    for (uint32_t p = N_BYTES; p < t->words.n_slots; p += slots_at(t, p))
        if (t->words.ids[p] != BOUNDARY) t->places[ends[t->words.ids[p]]++] = p;
    return true;
}

/* Make the pairs that start with `token`, which stands at these places. */
static bool collect_token(lw_trainer *t, uint32_t token, const uint32_t *places, uint32_t n) {
    tally *rights = &t->beside[RIGHT];
    tally_right(t, token, places, n);
    if (!reserve_pairs(t, rights->n_seen)) return false;
    add_pairs(t, token, RIGHT);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t right = t->words.ids[places[i] + t->length[token]];
        if (right != BOUNDARY) put_place(t, rights, right, places[i]);
    }
    clear_tally(rights);
    return true;
}

static void forget_pairs(lw_trainer *t) {
    free(t->pairs);
    t->pairs = NULL;
    t->n_slots = t->n_pairs = t->n_queued = t->n_places = 0;
    t->best_dropped = 0;
}

static bool collect_pairs(lw_trainer *t) {
    forget_pairs(t);
    size_t room = 0, *ends = malloc((t->n_tokens + 1) * sizeof *ends);
    uint32_t *places = NULL;
    bool done = ends && reserve_pairs(t, 0) && sort_places(t, ends);
    for (uint32_t token = 0; done && token < t->n_tokens; token++) {
        /* The lists of its pairs take no more room than its places do, so they go over these. */
        size_t first = token ? ends[token - 1] : 0, n = ends[token] - first;
        done = reserve(&places, &room, n, sizeof *places);
        if (!done || !n) continue;
        memcpy(places, t->places + first, n * sizeof *places);
        done = collect_token(t, token, places, (uint32_t)n);
    }
    free(places);
    free(ends);
    return done;
}

/* Lower the cutoff until there are pairs again, or to min_count, where none is left. */
static bool lower_cutoff(lw_trainer *t) {
    uint64_t best = t->cutoff; /* no pair that is not kept has a greater count */
    do {
        t->cutoff = best / CUTOFF_FALL > t->min_count ? best / CUTOFF_FALL : t->min_count;
        if (!collect_pairs(t)) return false;
        best = t->best_dropped;
    } while (!t->n_queued && t->cutoff > t->min_count);
    return true;
}

/* ---- Beginning and end ---- */

static bool allocate_tokens(lw_trainer *t) {
    t->length = malloc(t->most_tokens * sizeof *t->length);
    t->start = malloc(t->most_tokens * sizeof *t->start);
    t->prefix = malloc(t->most_tokens * sizeof *t->prefix);
    bool done = t->length && t->start && t->prefix;
    for (int side = LEFT; side <= RIGHT; side++) {
        tally *beside = &t->beside[side];
        beside->weight = calloc(t->most_tokens, sizeof *beside->weight);
        beside->cursor = calloc(t->most_tokens, sizeof *beside->cursor);
        beside->seen = malloc(t->most_tokens * sizeof *beside->seen);
        done = done && beside->weight && beside->cursor && beside->seen;
    }
    return done;
}

lw_trainer *lw_trainer_new(const lw_counter *counter, uint32_t most_merges, uint64_t min_count) {
    lw_trainer *t = calloc(1, sizeof *t);
    if (!t) return NULL;
    t->most_tokens = N_BYTES + most_merges;
    t->min_count = min_count;
    t->cutoff = UINT64_MAX; /* the first round finds the best count, the second keeps pairs */
    if (lw_words_lay_out(&t->words, counter) && allocate_tokens(t)) {
        for (uint32_t byte = 0; byte < N_BYTES; byte++) name_token(t, byte, 1);
        if (lower_cutoff(t)) return t;
    }
    lw_trainer_free(t);
    return NULL;
}

void lw_trainer_free(lw_trainer *t) {
    if (!t) return;
    lw_words_free(&t->words);
    for (int side = LEFT; side <= RIGHT; side++) {
        free(t->beside[side].weight);
        free(t->beside[side].cursor);
        free(t->beside[side].seen);
    }
    void *arrays[] = {t->length, t->start, t->prefix, t->pairs, t->places, t->queue};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) free(arrays[i]);
    free(t);
}

/* ---- The loop ---- */

/* Bring the best pair to the top of the queue, with its true count; false when out of memory. */
static bool find_best(lw_trainer *t) {
    for (;;) {
        if (!t->n_queued) {
            if (t->cutoff <= t->min_count) return true; /* there is none */
            if (!lower_cutoff(t)) return false;
            continue;
        }
        candidate *top = &t->queue[0];
        uint64_t count = find_pair(t, top->left, top->right)->count;
        if (count == top->count) return true;
        top->count = count;
        if (count < t->cutoff) drop_top(t);
        else sink(t);
    }
}

int64_t lw_trainer_run(lw_trainer *t, uint32_t n, uint32_t *left, uint32_t *right, uint64_t *count) {
    for (uint32_t i = 0; i < n; i++) {
        if (t->n_tokens == t->most_tokens) return i;
        if (!find_best(t)) return LW_NO_MEMORY;
        if (!t->n_queued) return i;
        candidate best = t->queue[0];
        drop_top(t);
        left[i] = best.left;
        right[i] = best.right;
        count[i] = best.count;
        if (!merge(t, best.left, best.right)) return LW_NO_MEMORY;
    }
    return n;
}
