/* From numbers to the stored blocks of a GGUF tensor.

       symmetric:  x ≈ s·q         affine:  x ≈ s·q + low         the least squared error counts

   A fan of scales is tried, each corrected by least squares on the q that it gives. The same as in
   gguf/quantise.py, operation by operation, so that both give the same bytes: sums run in eight
   lanes, and no product and sum may be fused into one. */

#include <stdint.h>
#include "gguf_half.h"

#pragma STDC FP_CONTRACT OFF
#define EXPORT __attribute__((visibility("default")))
#define INLINE static inline __attribute__((always_inline))
#define TINY 1e-15f
#define CLEARLY 1.000001f /* more than rounding: among equals the first is kept */

INLINE float clip(float x, float low, float high) { return x < low ? low : x > high ? high : x; }
INLINE float inverse_of(float x) { return x == 0.0f ? 0.0f : 1.0f / x; }

/* Lanes added up pairwise. */
INLINE float total(const float *s) {
    return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
}

INLINE float sum_of(const float *x, int length) {
    float s[8];
    for (int i = 0; i < 8; i++) s[i] = x[i];
    for (int j = 8; j < length; j += 8)
        for (int i = 0; i < 8; i++) s[i] += x[j + i];
    return total(s);
}

/* The scale for q in [-m, m): the number farthest from zero goes to about -m. */
INLINE float symmetric_scale(const float *x, int length, int m) {
    float peak = x[0], widest = fabsf(x[0]), found = 0.0f, best = 0.0f;
    for (int i = 1; i < length; i++)
        if (fabsf(x[i]) > widest) {
            widest = fabsf(x[i]);
            peak = x[i];
        }
    if (widest < TINY) return 0.0f;
    for (int n = 0; n < 19; n++) { /* 0, -1, 1, -2, … */
        const int step = n % 2 ? -(n + 1) / 2 : n / 2;
        const float inverse = -((float)m + 0.1f * (float)step) / peak;
        float xq[8] = {0}, qq[8] = {0};
        for (int j = 0; j < length; j += 8)
            for (int i = 0; i < 8; i++) {
                const float q = clip(rintf(inverse * x[j + i]), (float)-m, (float)(m - 1));
                xq[i] += x[j + i] * q;
                qq[i] += q * q;
            }
        const float sum_xq = total(xq), sum_qq = total(qq), gain = sum_xq * sum_xq / sum_qq;
        if (sum_qq > 0.0f && gain > best * CLEARLY) {
            best = gain;
            found = sum_xq / sum_qq;
        }
    }
    return found;
}

/* The scale and the low for q in [0, m]; unless `free_low`, low is at most 0. */
INLINE void affine_scale(const float *x, int length, int m, int free_low, float *scale_out, float *low_out) {
    float low = x[0], high = x[0], best = 0.0f;
    for (int i = 1; i < length; i++) {
        low = x[i] < low ? x[i] : low;
        high = x[i] > high ? x[i] : high;
    }
    if (!free_low && low > 0.0f) low = 0.0f;
    low += 0.0f; /* not -0 */
    const float span = high - low, sx = sum_of(x, length), count = (float)length;
    float found = span / (float)m, found_low = low;
    if (span < TINY) {
        *scale_out = 0.0f;
        *low_out = low;
        return;
    }
    for (int n = 0; n < 21; n++) {
        const int step = n % 2 ? -(n + 1) / 2 : n / 2;
        const float inverse = ((float)m + 0.1f * (float)step) / span;
        float lane_q[8] = {0}, lane_qq[8] = {0}, lane_xq[8] = {0};
        for (int j = 0; j < length; j += 8)
            for (int i = 0; i < 8; i++) {
                const float q = clip(rintf(inverse * (x[j + i] - low)), 0.0f, (float)m);
                lane_q[i] += q;
                lane_qq[i] += q * q;
                lane_xq[i] += x[j + i] * q;
            }
        const float sq = total(lane_q), qq = total(lane_qq), xq = total(lane_xq);
        const float spread = count * qq - sq * sq;
        float scale = (count * xq - sx * sq) / spread, least = (qq * sx - sq * xq) / spread;
        if (!free_low && least > 0.0f) {
            scale = xq / qq;
            least = 0.0f;
        }
        const float gain = scale * xq + least * sx;
        if (spread > 0.0f && gain > best * CLEARLY) {
            best = gain;
            found = scale;
            found_low = least;
        }
    }
    *scale_out = found;
    *low_out = found_low;
}

static float stored_half(float value, uint8_t *at) {
    float_to_half(value, at);
    return half_to_float(at);
}

/* --- blocks of 32 --------------------------------------------------------------------------------------- */

static void q8_0(const float *x, uint8_t *b) {
    float widest = 0.0f;
    for (int i = 0; i < 32; i++) widest = fabsf(x[i]) > widest ? fabsf(x[i]) : widest;
    const float d = widest / 127.0f, inverse = inverse_of(d);
    float_to_half(d, b);
    for (int i = 0; i < 32; i++) b[2 + i] = (uint8_t)(int8_t)roundf(x[i] * inverse);
}

static void nibbles(const uint8_t *q, int group, int bytes, uint8_t *out) {
    for (int j = 0; j < bytes; j += group)
        for (int i = 0; i < group; i++)
            out[j + i] = (uint8_t)((q[2 * j + i] & 15) | (q[2 * j + group + i] & 15) << 4);
}

static void fifth_bits(const uint8_t *q, uint8_t *out) {
    for (int i = 0; i < 4; i++) out[i] = 0;
    for (int i = 0; i < 32; i++) out[i / 8] |= (uint8_t)((q[i] >> 4) << (i % 8));
}

INLINE void symmetric_block(const float *x, int m, uint8_t *b, uint8_t *q) {
    const float inverse = inverse_of(stored_half(symmetric_scale(x, 32, m), b));
    for (int i = 0; i < 32; i++)
        q[i] = (uint8_t)(clip(rintf(x[i] * inverse), (float)-m, (float)(m - 1)) + (float)m);
}

INLINE void affine_block(const float *x, int m, uint8_t *b, uint8_t *q) {
    float scale, least;
    affine_scale(x, 32, m, 1, &scale, &least);
    const float inverse = inverse_of(stored_half(scale, b)), low = stored_half(least, b + 2);
    for (int i = 0; i < 32; i++) q[i] = (uint8_t)clip(rintf((x[i] - low) * inverse), 0.0f, (float)m);
}

static void q4_0(const float *x, uint8_t *b) {
    uint8_t q[32];
    symmetric_block(x, 8, b, q);
    nibbles(q, 16, 16, b + 2);
}

static void q5_0(const float *x, uint8_t *b) {
    uint8_t q[32];
    symmetric_block(x, 16, b, q);
    fifth_bits(q, b + 2);
    nibbles(q, 16, 16, b + 6);
}

static void q4_1(const float *x, uint8_t *b) {
    uint8_t q[32];
    affine_block(x, 15, b, q);
    nibbles(q, 16, 16, b + 4);
}

static void q5_1(const float *x, uint8_t *b) {
    uint8_t q[32];
    affine_block(x, 31, b, q);
    fifth_bits(q, b + 4);
    nibbles(q, 16, 16, b + 8);
}

/* --- blocks of 256, of sub-blocks ----------------------------------------------------------------------- */

/* How far q·size - offset is from a sub-block, with the best q. */
INLINE float affine_error(const float *x, int length, int m, float size, float offset) {
    const float down = inverse_of(size);
    float lanes[8] = {0};
    for (int j = 0; j < length; j += 8)
        for (int i = 0; i < 8; i++) {
            const float level = clip(rintf((x[j + i] + offset) * down), 0.0f, (float)m);
            const float miss = size * level - offset - x[j + i];
            lanes[i] += miss * miss;
        }
    return total(lanes);
}

INLINE float symmetric_error(const float *x, int m, float size) {
    const float down = inverse_of(size);
    float lanes[8] = {0};
    for (int j = 0; j < 16; j += 8)
        for (int i = 0; i < 8; i++) {
            const float level = clip(rintf(x[j + i] * down), (float)-m, (float)(m - 1));
            const float miss = size * level - x[j + i];
            lanes[i] += miss * miss;
        }
    return total(lanes);
}

/* The widest sub-block's scale may be less than the largest integer: another d may suit the others better. */
static const float SHARES[4] = {1.0f, 0.98f, 0.96f, 0.94f};
static const float CHANGES[3] = {0.0f, -1.0f, 1.0f};

/* `parts` integer scales and minima up to `most`, and q; d and dmin are stored at `at_d` and `at_dmin`. */
INLINE void affine_k(const float *x, int parts, int m, int most, uint8_t *at_d, uint8_t *at_dmin, uint8_t *scales,
                     uint8_t *mins, uint8_t *q) {
    const int length = QK / parts;
    const float top = (float)most;
    float scale[16], minimum[16], near_min[16], widest = 0.0f, deepest = 0.0f, step = 0.0f, least_error = INFINITY;
    for (int s = 0; s < parts; s++) {
        float low;
        affine_scale(x + s * length, length, m, 0, scale + s, &low);
        minimum[s] = 0.0f - low;
        widest = scale[s] > widest ? scale[s] : widest;
        deepest = minimum[s] > deepest ? minimum[s] : deepest;
    }
    const float step_min = stored_half(deepest / top, at_dmin), inverse_min = inverse_of(step_min);
    for (int s = 0; s < parts; s++) near_min[s] = rintf(minimum[s] * inverse_min);
    for (int share = 0; share < 4; share++) {
        uint8_t stored[2];
        const float try_step = stored_half(widest / (top * SHARES[share]), stored), inverse = inverse_of(try_step);
        float error = 0.0f;
        for (int s = 0; s < parts; s++) {
            const float size = try_step * clip(rintf(scale[s] * inverse), 0.0f, top);
            error += affine_error(x + s * length, length, m, size, step_min * clip(near_min[s], 0.0f, top));
        }
        if (error < least_error) {
            least_error = error;
            step = try_step;
            at_d[0] = stored[0];
            at_d[1] = stored[1];
        }
    }
    const float inverse = inverse_of(step);
    for (int s = 0; s < parts; s++) {
        const float *sub = x + s * length, near = rintf(scale[s] * inverse);
        float best = INFINITY;
        for (int change = 0; change < 9; change++) {
            const float try_s = clip(near + CHANGES[change / 3], 0.0f, top);
            const float try_m = clip(near_min[s] + CHANGES[change % 3], 0.0f, top);
            const float error = affine_error(sub, length, m, step * try_s, step_min * try_m);
            if (error < best) {
                best = error;
                scales[s] = (uint8_t)try_s;
                mins[s] = (uint8_t)try_m;
            }
        }
        const float down = inverse_of(step * (float)scales[s]), offset = step_min * (float)mins[s];
        for (int i = 0; i < length; i++)
            q[s * length + i] = (uint8_t)clip(rintf((sub[i] + offset) * down), 0.0f, (float)m);
    }
}

/* Sixteen integer scales in [-most, most), and q + m. */
INLINE void symmetric_k(const float *x, int m, int most, uint8_t *at_d, int8_t *scales, uint8_t *q) {
    const float bottom = (float)-most, top = (float)(most - 1);
    float scale[16], widest = 0.0f, widest_size = -1.0f, step = 0.0f, least_error = INFINITY;
    for (int s = 0; s < 16; s++) {
        scale[s] = symmetric_scale(x + 16 * s, 16, m);
        if (fabsf(scale[s]) > widest_size) {
            widest_size = fabsf(scale[s]);
            widest = scale[s];
        }
    }
    for (int share = 0; share < 4; share++) {
        uint8_t stored[2];
        const float try_step = stored_half(widest / (bottom * SHARES[share]), stored), inverse = inverse_of(try_step);
        float error = 0.0f;
        for (int s = 0; s < 16; s++)
            error += symmetric_error(x + 16 * s, m, try_step * clip(rintf(scale[s] * inverse), bottom, top));
        if (error < least_error) {
            least_error = error;
            step = try_step;
            at_d[0] = stored[0];
            at_d[1] = stored[1];
        }
    }
    const float inverse = inverse_of(step);
    for (int s = 0; s < 16; s++) {
        const float *sub = x + 16 * s, near = rintf(scale[s] * inverse);
        float best = INFINITY;
        for (int change = 0; change < 3; change++) {
            const float try_s = clip(near + CHANGES[change], bottom, top);
            const float error = symmetric_error(sub, m, step * try_s);
            if (error < best) {
                best = error;
                scales[s] = (int8_t)try_s;
            }
        }
        const float down = inverse_of(step * (float)scales[s]);
        for (int i = 0; i < 16; i++)
            q[16 * s + i] = (uint8_t)(clip(rintf(sub[i] * down), (float)-m, (float)(m - 1)) + (float)m);
    }
}

/* Bits `from` to `from + width` of each number, several numbers a byte: 32 bytes take the next 32·(8/width). */
static void planes(const uint8_t *q, int from, int width, uint8_t *out) {
    const int count = 8 / width, mask = (1 << width) - 1;
    for (int j = 0; j < QK / count; j += 32)
        for (int i = 0; i < 32; i++) {
            int packed = 0;
            for (int k = 0; k < count; k++) packed |= (q[j * count + 32 * k + i] >> from & mask) << (k * width);
            out[j + i] = (uint8_t)packed;
        }
}

static void scales_and_mins(const uint8_t *scales, const uint8_t *mins, uint8_t *out) {
    for (int i = 0; i < 4; i++) {
        out[i] = (uint8_t)(scales[i] | (scales[4 + i] >> 4) << 6);
        out[4 + i] = (uint8_t)(mins[i] | (mins[4 + i] >> 4) << 6);
        out[8 + i] = (uint8_t)((scales[4 + i] & 15) | (mins[4 + i] & 15) << 4);
    }
}

static void q2_k(const float *x, uint8_t *b) {
    uint8_t scales[16], mins[16], q[QK];
    affine_k(x, 16, 3, 15, b + 80, b + 82, scales, mins, q);
    for (int i = 0; i < 16; i++) b[i] = (uint8_t)(scales[i] | mins[i] << 4);
    planes(q, 0, 2, b + 16);
}

static void q3_k(const float *x, uint8_t *b) {
    int8_t scales[16];
    uint8_t q[QK], s[16], *packed = b + 96;
    symmetric_k(x, 4, 32, b + 108, scales, q);
    for (int i = 0; i < 16; i++) s[i] = (uint8_t)(scales[i] + 32);
    for (int i = 0; i < 8; i++) packed[i] = (uint8_t)((s[i] & 15) | (s[8 + i] & 15) << 4);
    for (int i = 0; i < 4; i++)
        packed[8 + i] = (uint8_t)(s[i] >> 4 | (s[4 + i] >> 4) << 2 | (s[8 + i] >> 4) << 4 | (s[12 + i] >> 4) << 6);
    planes(q, 2, 1, b);
    planes(q, 0, 2, b + 32);
}

static void q4_k(const float *x, uint8_t *b) {
    uint8_t scales[8], mins[8], q[QK];
    affine_k(x, 8, 15, 63, b, b + 2, scales, mins, q);
    scales_and_mins(scales, mins, b + 4);
    nibbles(q, 32, 128, b + 16);
}

static void q5_k(const float *x, uint8_t *b) {
    uint8_t scales[8], mins[8], q[QK];
    affine_k(x, 8, 31, 63, b, b + 2, scales, mins, q);
    scales_and_mins(scales, mins, b + 4);
    planes(q, 4, 1, b + 16);
    nibbles(q, 32, 128, b + 48);
}

static void q6_k(const float *x, uint8_t *b) {
    int8_t scales[16];
    uint8_t q[QK];
    symmetric_k(x, 32, 128, b + 208, scales, q);
    nibbles(q, 64, 128, b);
    planes(q, 4, 2, b + 128);
    for (int i = 0; i < 16; i++) b[192 + i] = (uint8_t)scales[i];
}

#define EACH(function, bytes, numbers)                                                            \
    for (uint64_t i = 0; i < blocks; i++) function(in + i * (numbers), out + i * (bytes)); \
    return 0

/* Encodes `blocks` blocks as the ggml type `type`; returns 0, or 1 for a type that is not here. */
EXPORT int lw_gguf_quantise(int type, const float *in, uint8_t *out, uint64_t blocks) {
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
    default: return 1;
    }
}
