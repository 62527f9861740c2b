/* float16 ⇄ float32 (IEEE 754), rounding to nearest even; the same on every machine. */

#ifndef LW_GGUF_HALF_H
#define LW_GGUF_HALF_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#define QK 256 /* numbers in a super-block of the k types */

static inline float from_bits(uint32_t bits) {
    float value;
    memcpy(&value, &bits, 4);
    return value;
}

static inline uint32_t to_bits(float value) {
    uint32_t bits;
    memcpy(&bits, &value, 4);
    return bits;
}

static inline float half_to_float(const uint8_t *at) {
    uint32_t half = (uint32_t)at[0] | (uint32_t)at[1] << 8;
    uint32_t sign = (half & 0x8000u) << 16, rest = half & 0x7fffu;
    if (rest >= 0x7c00u) return from_bits(sign | 0x7f800000u | (rest & 0x3ffu) << 13);
    if (rest < 0x400u) return from_bits(sign | to_bits((float)rest * 0x1p-24f)); /* below the normal ones */
    return from_bits(sign | ((rest << 13) + 0x38000000u));
}

static inline void float_to_half(float value, uint8_t *at) {
    uint32_t bits = to_bits(value), sign = bits >> 16 & 0x8000u, rest = bits & 0x7fffffffu, half;
    if (rest >= 0x47800000u)
        half = rest > 0x7f800000u ? 0x7e00u : 0x7c00u;
    else if (rest < 0x38800000u)
        half = (uint32_t)rintf(from_bits(rest) * 0x1p24f);
    else
        half = (rest + 0xfffu + (rest >> 13 & 1u) - 0x38000000u) >> 13;
    half |= sign;
    at[0] = (uint8_t)half;
    at[1] = (uint8_t)(half >> 8);
}

static inline float round_half(float value) {
    uint8_t stored[2];
    float_to_half(value, stored);
    return half_to_float(stored);
}

#endif
