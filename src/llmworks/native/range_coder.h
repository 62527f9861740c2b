// A range coder with carries: an interval [low, low + range) of 64 bits, narrowed symbol by symbol
// (Martin 1979, "Range encoding: an algorithm for removing redundancy from a digitised message").
//
// A symbol with `below` counts before it and `count` of its own, of `total` ≤ 2^48, takes its share. When the
// interval's first byte is settled it goes out; a later carry may still add one to what has gone out.

#ifndef LW_RANGE_CODER_H
#define LW_RANGE_CODER_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define LEAST_RANGE ((uint64_t)1 << 56)

typedef struct {
    uint64_t low, range, code;  // code: what a decoder has read, less low
    uint8_t *bytes;
    size_t length, room, place;  // place: the decoder's next byte; behind the end come zeros
    int failed;                  // no memory, or bytes that no encoder makes
} Coder;

static inline void put_byte(Coder *c, uint8_t byte) {
    if (c->length == c->room) {
        size_t room = c->room ? 2 * c->room : 4096;
        uint8_t *grown = realloc(c->bytes, room);
        if (!grown) {
            c->failed = 1;
            return;
        }
        c->bytes = grown;
        c->room = room;
    }
    c->bytes[c->length++] = byte;
}

static inline void encode(Coder *c, uint64_t below, uint64_t count, uint64_t total) {
    uint64_t unit = c->range / total, step = unit * below;
    c->low += step;
    if (c->low < step) {
        size_t i = c->length;
        while (i > 0 && ++c->bytes[--i] == 0) {}
    }
    c->range = unit * count;
    while (c->range < LEAST_RANGE) {
        put_byte(c, (uint8_t)(c->low >> 56));
        c->low <<= 8;
        c->range <<= 8;
    }
}

// Where in 0 … total - 1 the symbol lies; `narrow` then takes its share.
static inline uint64_t locate(Coder *c, uint64_t total) {
    uint64_t at = c->code / (c->range / total);
    if (at >= total) {
        c->failed = 1;
        return total - 1;
    }
    return at;
}

static inline void narrow(Coder *c, uint64_t below, uint64_t count, uint64_t total) {
    uint64_t unit = c->range / total;
    c->code -= unit * below;
    c->range = unit * count;
    while (c->range < LEAST_RANGE) {
        c->code = c->code << 8 | (c->place < c->length ? c->bytes[c->place] : 0);
        c->place++;
        c->range <<= 8;
    }
}

#endif
