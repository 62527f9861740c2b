/* Where the texts of a GGUF string array lie: [length][bytes][length][bytes] …

   The format gives no size for the whole array, so that finding its end means walking every text; a
   vocabulary has up to a few hundred thousand. */

#include <stdint.h>
#include <stddef.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

/* Walks `count` texts from byte `start` of `data` (`size` bytes in all); a length has `word` bytes (8, or 4 in
   version 1). Writes where each text begins and ends into `spans` [count, 2] unless that is NULL. Returns the
   byte after the last text, or 0 where one reaches beyond the end. */
EXPORT uint64_t lw_gguf_strings(const uint8_t *data, uint64_t size, uint64_t start, uint64_t count, int word,
                                uint64_t *spans) {
    uint64_t at = start;
    for (uint64_t i = 0; i < count; i++) {
        uint64_t length = 0;
        if (at > size || size - at < (uint64_t)word) return 0;
        memcpy(&length, data + at, (size_t)word);
        at += (uint64_t)word;
        if (length > size - at) return 0;
        if (spans) {
            spans[2 * i] = at;
            spans[2 * i + 1] = at + length;
        }
        at += length;
    }
    return at;
}
