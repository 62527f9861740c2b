/* Building the double array: nodes from the root down, each node's children put into the first place of the
   last few blocks of 256 where all of them fit. */
#include "piece_trie.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK = 256, OPEN_BLOCKS = 16 };

struct job {
    uint32_t begin, end; /* keys that pass through the node */
    uint32_t depth;
    int32_t node;
};

struct builder {
    struct lw_trie *trie;
    const uint8_t *keys;
    const uint32_t *ends;
    const int32_t *values;
    uint16_t *free_in_block;
    size_t capacity; /* nodes */
    struct job *jobs;
    size_t n_jobs, jobs_capacity;
};

static int add_block(struct builder *b)
{
    struct lw_trie *trie = b->trie;
    if (trie->size + BLOCK > INT32_MAX)
        return 0;
    if (trie->size + BLOCK > b->capacity) {
        size_t capacity = b->capacity ? b->capacity * 2 : 16 * BLOCK;
        struct lw_node *nodes = realloc(trie->nodes, capacity * sizeof *nodes);
        if (!nodes)
            return 0;
        trie->nodes = nodes;
        uint16_t *counts = realloc(b->free_in_block, capacity / BLOCK * sizeof *counts);
        if (!counts)
            return 0;
        b->free_in_block = counts;
        b->capacity = capacity;
    }
    for (size_t i = trie->size; i < trie->size + BLOCK; i++)
        trie->nodes[i] = (struct lw_node){0, -1, -1};
    b->free_in_block[trie->size / BLOCK] = BLOCK;
    trie->size += BLOCK;
    return 1;
}

/* A slot is taken when it has a parent; the root, and slot 0 ^ c that a childless node would look at, are
   told apart by the parent too. */
static int is_free(const struct lw_trie *trie, int32_t slot)
{
    return slot != 0 && trie->nodes[slot].parent < 0;
}

static int32_t place(struct builder *b, const uint8_t *labels, size_t count)
{
    for (;;) {
        size_t blocks = b->trie->size / BLOCK;
        for (size_t k = blocks > OPEN_BLOCKS ? blocks - OPEN_BLOCKS : 0; k < blocks; k++) {
            if (b->free_in_block[k] < count)
                continue;
            for (int32_t low = 0; low < BLOCK; low++) {
                int32_t base = (int32_t)(k * BLOCK) + low;
                size_t i = 0;
                while (i < count && is_free(b->trie, base ^ labels[i]))
                    i++;
                if (i == count && base != 0)
                    return base;
            }
        }
        if (!add_block(b))
            return -1;
    }
}

static int push(struct builder *b, struct job job)
{
    if (b->n_jobs == b->jobs_capacity) {
        size_t capacity = b->jobs_capacity ? b->jobs_capacity * 2 : 1024;
        struct job *jobs = realloc(b->jobs, capacity * sizeof *jobs);
        if (!jobs)
            return 0;
        b->jobs = jobs;
        b->jobs_capacity = capacity;
    }
    b->jobs[b->n_jobs++] = job;
    return 1;
}

static uint32_t start_of(const struct builder *b, uint32_t key) { return key ? b->ends[key - 1] : 0; }

static int grow(struct builder *b, struct job job)
{
    if (job.begin < job.end && b->ends[job.begin] - start_of(b, job.begin) == job.depth) {
        b->trie->nodes[job.node].value = b->values[job.begin];
        job.begin++;
    }
    uint8_t labels[BLOCK];
    uint32_t begins[BLOCK + 1];
    size_t count = 0;
    for (uint32_t key = job.begin; key < job.end; key++) {
        uint8_t label = b->keys[start_of(b, key) + job.depth];
        if (!count || labels[count - 1] != label) {
            labels[count] = label;
            begins[count++] = key;
        }
    }
    if (!count)
        return 1;
    begins[count] = job.end;
    int32_t base = place(b, labels, count);
    if (base < 0)
        return 0;
    b->trie->nodes[job.node].base = base;
    b->free_in_block[base / BLOCK] -= (uint16_t)count;
    for (size_t i = 0; i < count; i++)
        b->trie->nodes[base ^ labels[i]].parent = job.node;
    for (size_t i = count; i-- > 0;)
        if (!push(b, (struct job){begins[i], begins[i + 1], job.depth + 1, base ^ labels[i]}))
            return 0;
    return 1;
}

struct lw_trie *lw_trie_new(const char *keys, const uint32_t *ends, const int32_t *values, size_t count)
{
    struct lw_trie *trie = calloc(1, sizeof *trie);
    if (!trie)
        return NULL;
    struct builder b = {.trie = trie, .keys = (const uint8_t *)keys, .ends = ends, .values = values};
    int good = add_block(&b) && push(&b, (struct job){0, (uint32_t)count, 0, 0});
    if (good)
        b.free_in_block[0]--; /* the root */
    while (good && b.n_jobs)
        good = grow(&b, b.jobs[--b.n_jobs]);
    free(b.jobs);
    free(b.free_in_block);
    if (good)
        return trie;
    lw_trie_free(trie);
    return NULL;
}

void lw_trie_free(struct lw_trie *trie)
{
    if (trie)
        free(trie->nodes);
    free(trie);
}

size_t lw_trie_longest(const struct lw_trie *trie, const uint8_t *text, size_t at, size_t length)
{
    size_t longest = 0;
    int32_t node = 0;
    for (size_t i = at; trie && i < length; i++) {
        node = lw_trie_step(trie, node, text[i]);
        if (node < 0)
            break;
        if (trie->nodes[node].value >= 0)
            longest = i + 1 - at;
    }
    return longest;
}

void lw_put(struct lw_output *output, int32_t id, const uint8_t *text, size_t start, size_t end)
{
    int unknown = id < 0 || id == output->unk_id;
    if (unknown && output->byte_ids) {
        for (size_t i = start; i < end; i++) {
            if (output->ends)
                output->ends[output->count] = (uint32_t)(i + 1);
            output->ids[output->count++] = output->byte_ids[text[i]];
        }
    } else if (unknown && output->merge_unknown && output->after_unknown) {
        if (output->ends && output->count)
            output->ends[output->count - 1] = (uint32_t)end;
    } else if (!unknown || output->unk_id >= 0) {
        if (output->ends)
            output->ends[output->count] = (uint32_t)end;
        output->ids[output->count++] = unknown ? output->unk_id : id;
    }
    output->after_unknown = unknown;
}
