// Coding tokens by a model's logits. Counts are whole numbers, made the same way by encoder and decoder:
//
//     count(i) = 1 + 2^30 · 2^(-q / 1024),   q = rint((largest logit - logit(i)) · 1024 / ln 2)
//
// from a table of 1,024 whole numbers and a shift; the one rounding, of q, is exact IEEE arithmetic. So the
// Python path (inference/compression/range_coder.py) gives the same bytes from the same logits.

#include <math.h>

#include "range_coder.h"

#define EXPORT __attribute__((visibility("default")))

static const double STEPS_PER_NAT = 0x1.71547652b82fep+10;

EXPORT Coder *lw_coder_new(const uint8_t *bytes, size_t length) {
    Coder *c = calloc(1, sizeof *c);
    if (!c) return NULL;
    c->range = UINT64_MAX;
    if (bytes) {  // a decoder
        c->bytes = malloc(length ? length : 1);
        if (!c->bytes) {
            free(c);
            return NULL;
        }
        memcpy(c->bytes, bytes, length);
        c->length = c->room = length;
        for (; c->place < 8; c->place++) c->code = c->code << 8 | (c->place < length ? bytes[c->place] : 0);
    }
    return c;
}

EXPORT void lw_coder_free(Coder *c) {
    free(c->bytes);
    free(c);
}

// The shortest end that leaves no doubt: zeros follow it for the decoder, so zeros at the end are dropped.
EXPORT const uint8_t *lw_coder_finish(Coder *c, size_t *length) {
    for (int n = 0; n <= 8; n++) {
        uint64_t mask = n == 8 ? 0 : UINT64_MAX >> 8 * n, value = (c->low + mask) & ~mask;
        if (value < c->low || value - c->low >= c->range) continue;
        for (int i = 0; i < n; i++) put_byte(c, (uint8_t)(value >> (56 - 8 * i)));
        break;
    }
    while (c->length && c->bytes[c->length - 1] == 0) c->length--;
    *length = c->length;
    return c->failed ? NULL : c->bytes;
}

EXPORT int lw_coder_failed(const Coder *c) { return c->failed; }

EXPORT void lw_coder_encode(Coder *c, uint64_t below, uint64_t count, uint64_t total) {
    encode(c, below, count, total);
}

EXPORT uint64_t lw_coder_locate(Coder *c, uint64_t total) { return locate(c, total); }

EXPORT void lw_coder_narrow(Coder *c, uint64_t below, uint64_t count, uint64_t total) {
    narrow(c, below, count, total);
}

// Counts of a row, and their sum; 0 where a logit is no number or the largest is not finite.
static uint64_t counts_of(const float *logits, size_t size, const uint32_t *powers, uint32_t *counts) {
    float largest = -INFINITY;
    int odd = 0;
    for (size_t i = 0; i < size; i++) {
        odd |= logits[i] != logits[i];
        largest = logits[i] > largest ? logits[i] : largest;
    }
    if (odd || !isfinite(largest)) return 0;
    uint64_t total = 0;
    for (size_t i = 0; i < size; i++) {
        double q = ((double)largest - (double)logits[i]) * STEPS_PER_NAT;
        int32_t steps = (int32_t)rint(q < 31744.0 ? q : 31744.0);  // 31 · 1024: nothing is left there
        counts[i] = (powers[steps & 1023] >> (steps >> 10)) + 1;
        total += counts[i];
    }
    return total;
}

// A byte outside the vocabulary: the escape, whose share is a 65,536th, then the byte itself.
static uint64_t with_escape(uint64_t total) { return total + (total >> 16) + 1; }

// Codes symbols[row] by logits [rows, size], in order; symbols from `size` on are bytes, where `escapes` says
// that there are any. Returns the bits they take, or -1 where a row holds no finite distribution.
EXPORT double lw_encode_rows(Coder *c, const float *logits, size_t rows, size_t size, const uint32_t *powers,
                             uint32_t *counts, const int32_t *symbols, int escapes) {
    double bits = 0;
    for (size_t row = 0; row < rows; row++) {
        uint64_t inside = counts_of(logits + row * size, size, powers, counts), below = 0;
        if (!inside) return -1;
        uint64_t total = escapes ? with_escape(inside) : inside, count = total - inside;
        size_t symbol = (size_t)symbols[row];
        if (symbol < size) {
            for (size_t i = 0; i < symbol; i++) below += counts[i];
            count = counts[symbol];
            encode(c, below, count, total);
        } else {
            encode(c, inside, count, total);
            encode(c, symbol - size, 1, 256);
            bits += 8;
        }
        bits += log2((double)total / (double)count);
    }
    return bits;
}

// The other way round. Returns 0, or -1 as above; whether the bytes made sense says `lw_coder_failed`.
EXPORT int lw_decode_rows(Coder *c, const float *logits, size_t rows, size_t size, const uint32_t *powers,
                          uint32_t *counts, int32_t *symbols, int escapes) {
    for (size_t row = 0; row < rows; row++) {
        uint64_t inside = counts_of(logits + row * size, size, powers, counts), below = 0;
        if (!inside) return -1;
        uint64_t total = escapes ? with_escape(inside) : inside, at = locate(c, total);
        if (at < inside) {
            size_t symbol = 0;
            while (below + counts[symbol] <= at) below += counts[symbol++];
            narrow(c, below, counts[symbol], total);
            symbols[row] = (int32_t)symbol;
        } else {
            narrow(c, inside, total - inside, total);
            uint64_t byte = locate(c, 256);
            narrow(c, byte, 1, 256);
            symbols[row] = (int32_t)(size + byte);
        }
    }
    return 0;
}
