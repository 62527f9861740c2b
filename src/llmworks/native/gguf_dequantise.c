/* From the stored blocks of a GGUF tensor back to numbers: the types that whole files are made of.

       number = d · q            d · q + m            (d · scale) · q - (dmin · minimum)

   The order of the operations is part of the format: no product and sum may be fused into one. Source:
   ggml-quants.c; the numpy code in gguf/dequantise.py gives the same bits. */

#include <stdint.h>
#include "gguf_half.h"

#pragma STDC FP_CONTRACT OFF
#define EXPORT __attribute__((visibility("default")))

static const int8_t NON_LINEAR[16] = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};
static const int8_t FP4[16] = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

static uint32_t word(const uint8_t *at) {
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static void q4_0(const uint8_t *b, float *out) {
    const float d = half_to_float(b);
    for (int i = 0; i < 16; i++) out[i] = d * (float)((b[2 + i] & 15) - 8);
    for (int i = 0; i < 16; i++) out[16 + i] = d * (float)((b[2 + i] >> 4) - 8);
}

static void q4_1(const uint8_t *b, float *out) {
    const float d = half_to_float(b), m = half_to_float(b + 2);
    for (int i = 0; i < 16; i++) out[i] = d * (float)(b[4 + i] & 15) + m;
    for (int i = 0; i < 16; i++) out[16 + i] = d * (float)(b[4 + i] >> 4) + m;
}

static void q5_0(const uint8_t *b, float *out) {
    const float d = half_to_float(b);
    const uint32_t high = word(b + 2);
    for (int i = 0; i < 16; i++) out[i] = d * (float)((int)(b[6 + i] & 15) + (int)((high >> i & 1) << 4) - 16);
    for (int i = 0; i < 16; i++)
        out[16 + i] = d * (float)((int)(b[6 + i] >> 4) + (int)((high >> (i + 16) & 1) << 4) - 16);
}

static void q5_1(const uint8_t *b, float *out) {
    const float d = half_to_float(b), m = half_to_float(b + 2);
    const uint32_t high = word(b + 4);
    for (int i = 0; i < 16; i++) out[i] = d * (float)((int)(b[8 + i] & 15) + (int)((high >> i & 1) << 4)) + m;
    for (int i = 0; i < 16; i++)
        out[16 + i] = d * (float)((int)(b[8 + i] >> 4) + (int)((high >> (i + 16) & 1) << 4)) + m;
}

static void q8_0(const uint8_t *b, float *out) {
    const float d = half_to_float(b);
    for (int i = 0; i < 32; i++) out[i] = (float)(int8_t)b[2 + i] * d;
}

static void q2_k(const uint8_t *b, float *out) {
    const float d = half_to_float(b + 80), dmin = half_to_float(b + 82);
    for (int s = 0; s < 16; s++) {
        const uint8_t *q = b + 16 + 32 * (s / 8) + 16 * (s % 2);
        const int shift = 2 * (s / 2 % 4);
        const float scale = d * (float)(b[s] & 15), minimum = dmin * (float)(b[s] >> 4);
        for (int i = 0; i < 16; i++) out[16 * s + i] = scale * (float)(q[i] >> shift & 3) - minimum;
    }
}

static void q3_k(const uint8_t *b, float *out) {
    const uint8_t *packed = b + 96;
    const float d = half_to_float(b + 108);
    for (int s = 0; s < 16; s++) {
        const uint8_t *q = b + 32 + 32 * (s / 8) + 16 * (s % 2), *high = b + 16 * (s % 2);
        const int shift = 2 * (s / 2 % 4), plane = s / 2;
        const int low4 = s < 8 ? packed[s] & 15 : packed[s - 8] >> 4, top2 = packed[8 + s % 4] >> (2 * (s / 4)) & 3;
        const float scale = d * (float)((low4 | top2 << 4) - 32);
        for (int i = 0; i < 16; i++)
            out[16 * s + i] = scale * (float)((int)(q[i] >> shift & 3) - ((high[i] >> plane & 1) ? 0 : 4));
    }
}

static void scale_and_minimum(const uint8_t *packed, int s, int *scale, int *minimum) {
    if (s < 4) {
        *scale = packed[s] & 63;
        *minimum = packed[4 + s] & 63;
    } else {
        *scale = (packed[4 + s] & 15) | (packed[s - 4] >> 6) << 4;
        *minimum = packed[4 + s] >> 4 | (packed[s] >> 6) << 4;
    }
}

static void q4_k(const uint8_t *b, float *out) {
    const float d = half_to_float(b), dmin = half_to_float(b + 2);
    for (int s = 0; s < 8; s++) {
        int scale, minimum;
        scale_and_minimum(b + 4, s, &scale, &minimum);
        const float step = d * (float)scale, low = dmin * (float)minimum;
        const uint8_t *q = b + 16 + 32 * (s / 2);
        const int shift = 4 * (s % 2);
        for (int i = 0; i < 32; i++) out[32 * s + i] = step * (float)(q[i] >> shift & 15) - low;
    }
}

static void q5_k(const uint8_t *b, float *out) {
    const float d = half_to_float(b), dmin = half_to_float(b + 2);
    for (int s = 0; s < 8; s++) {
        int scale, minimum;
        scale_and_minimum(b + 4, s, &scale, &minimum);
        const float step = d * (float)scale, low = dmin * (float)minimum;
        const uint8_t *q = b + 48 + 32 * (s / 2), *high = b + 16;
        const int shift = 4 * (s % 2);
        for (int i = 0; i < 32; i++)
            out[32 * s + i] = step * (float)((q[i] >> shift & 15) | (high[i] >> s & 1) << 4) - low;
    }
}

static void q6_k(const uint8_t *b, float *out) {
    const float d = half_to_float(b + 208);
    for (int s = 0; s < 16; s++) {
        const int inner = s % 8; /* in a half of 128 numbers */
        const uint8_t *low = b + 64 * (s / 8) + 32 * (inner / 2 % 2) + 16 * (s % 2);
        const uint8_t *high = b + 128 + 32 * (s / 8) + 16 * (s % 2);
        const int low_shift = 4 * (inner / 4), high_shift = 2 * (inner / 2);
        const float scale = d * (float)(int8_t)b[192 + s];
        for (int i = 0; i < 16; i++)
            out[16 * s + i] = scale * (float)(((low[i] >> low_shift & 15) | (high[i] >> high_shift & 3) << 4) - 32);
    }
}

static void iq4_nl(const uint8_t *b, float *out) {
    const float d = half_to_float(b);
    for (int i = 0; i < 16; i++) out[i] = d * (float)NON_LINEAR[b[2 + i] & 15];
    for (int i = 0; i < 16; i++) out[16 + i] = d * (float)NON_LINEAR[b[2 + i] >> 4];
}

static void iq4_xs(const uint8_t *b, float *out) {
    const float d = half_to_float(b);
    const int high = b[2] | b[3] << 8;
    for (int s = 0; s < 8; s++) {
        const int low = b[4 + s / 2] >> (4 * (s % 2)) & 15;
        const float scale = d * (float)((low | (high >> (2 * s) & 3) << 4) - 32);
        const uint8_t *q = b + 8 + 16 * s;
        for (int i = 0; i < 16; i++) out[32 * s + i] = scale * (float)NON_LINEAR[q[i] & 15];
        for (int i = 0; i < 16; i++) out[32 * s + 16 + i] = scale * (float)NON_LINEAR[q[i] >> 4];
    }
}

static void mxfp4(const uint8_t *b, float *out) {
    const uint32_t e = b[0];
    const float d = from_bits(e < 2 ? 0x200000u << e : (e - 1) << 23);
    for (int i = 0; i < 16; i++) out[i] = d * (float)FP4[b[1 + i] & 15];
    for (int i = 0; i < 16; i++) out[16 + i] = d * (float)FP4[b[1 + i] >> 4];
}

#define EACH(function, bytes, numbers)                                                            \
    for (uint64_t i = 0; i < blocks; i++) function(in + i * (bytes), out + i * (numbers)); \
    return 0

/* Decodes `blocks` blocks of the ggml type `type`; returns 0, or 1 for a type that is not here. */
EXPORT int lw_gguf_dequantise(int type, const uint8_t *in, float *out, uint64_t blocks) {
    switch (type) {
    case 2: EACH(q4_0, 18, 32);
    case 3: EACH(q4_1, 20, 32);
    case 6: EACH(q5_0, 22, 32);
    case 7: EACH(q5_1, 24, 32);
    case 8: EACH(q8_0, 34, 32);
    case 10: EACH(q2_k, 84, QK);
    case 11: EACH(q3_k, 110, QK);
    case 12: EACH(q4_k, 144, QK);
    case 13: EACH(q5_k, 176, QK);
    case 14: EACH(q6_k, 210, QK);
    case 20: EACH(iq4_nl, 18, 32);
    case 23: EACH(iq4_xs, 136, QK);
    case 39: EACH(mxfp4, 17, 32);
    default: return 1;
    }
}
