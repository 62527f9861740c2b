/* Encodes random bytes with every pattern into room for exactly one id a byte, and checks what comes out:
 * the bytes of the ids joined are the text. Run under the address sanitizer by test_build.py. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bpe_tables.h"
#include "pretokenize.h"

typedef struct lw_worker lw_worker;
lw_tables *lw_bpe_new(int pattern, int whole_pieces, const uint8_t *bytes, const uint32_t *ends, const int32_t *ids,
                      size_t tokens, const int32_t *merges, size_t merge_count);
void lw_bpe_free(lw_tables *tables);
lw_worker *lw_worker_new(const lw_tables *tables);
void lw_worker_free(lw_worker *worker);
size_t lw_encode(lw_worker *worker, const uint8_t *text, size_t length, int32_t *ids);

static uint64_t state = 88172645463325252u;
static unsigned draw(unsigned below) {
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return (unsigned)(state % below);
}

int main(void) {
    static const char *const PARTS[] = {"a", "b", "ab", " ", "  ", "\n", "'s", "'", "1", "!", "é", "中", "\xff", "\xe4", "word"};
    static const char *const MERGED[] = {"ab", "abab", "  ", "    ", " a", "wo", "rd", "word", "中", "é", "aa", "aaaa"};
    uint8_t bytes[512];
    uint32_t ends[300], used = 0;
    int32_t ids[300];
    size_t tokens = 0, total = 0;
    for (int value = 0; value < 256; value++) bytes[used++] = (uint8_t)value, ends[tokens++] = used;
    for (size_t i = 0; i < sizeof MERGED / sizeof *MERGED; i++) {
        memcpy(bytes + used, MERGED[i], strlen(MERGED[i]));
        ends[tokens++] = used += (uint32_t)strlen(MERGED[i]);
    }
    for (size_t i = 0; i < tokens; i++) ids[i] = (int32_t)i;
    for (int pattern = 0; pattern < LW_PATTERNS; pattern++) {
        lw_tables *tables = lw_bpe_new(pattern, pattern & 1, bytes, ends, ids, tokens, NULL, 0);
        lw_worker *worker = lw_worker_new(tables);
        for (int round = 0; round < 3000; round++) {
            size_t length = 0, wanted = draw(round % 50 ? 100 : 2000);
            uint8_t *text = malloc(wanted + 8), *exact;
            while (length < wanted) {
                const char *part = PARTS[draw(round % 3 ? 15 : 3)];
                memcpy(text + length, part, strlen(part));
                length += strlen(part);
            }
            /* Blocks of exactly the size, so that one byte too far is seen. */
            exact = memcpy(malloc(length ? length : 1), text, length);
            int32_t *out = malloc((length ? length : 1) * sizeof *out);
            size_t count = lw_encode(worker, exact, length, out), at = 0;
            for (size_t i = 0; i < count; i++) {
                uint32_t start = out[i] ? ends[out[i] - 1] : 0, size = ends[out[i]] - start;
                if (at + size > length || memcmp(exact + at, bytes + start, size)) return puts("bytes differ"), 1;
                at += size;
            }
            if (at != length) return puts("bytes are missing"), 1;
            total += count;
            free(text), free(exact), free(out);
        }
        lw_worker_free(worker);
        lw_bpe_free(tables);
    }
    printf("encoded %zu tokens\n", total);
    return 0;
}
