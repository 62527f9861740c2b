// Bytes predicted from the bytes before them, learned while they are coded: each byte is eight yes-or-no
// questions, each order of context has an opinion on each, and a small network weighs the opinions.
//
//     p(bit) = σ(Σ_order w_order · ln(p_order / (1 - p_order))),    w moves by error · opinion
//
// (Mahoney 2005, "Adaptive weighing of context models"). Whole numbers only, so that every machine, and the
// Python path (inference/compression/byte_mixer.py), codes alike.

#include "range_coder.h"

#define EXPORT __attribute__((visibility("default")))
#define MOST_ORDERS 7
#define SLOTS_LOG 22

typedef struct {
    int orders;                     // contexts of 0 … orders - 1 bytes
    uint32_t *slots[MOST_ORDERS];   // 22 bits of probability that the bit is 1, 10 of how often it was asked
    uint32_t base[MOST_ORDERS], at[MOST_ORDERS];
    int32_t weights[256][MOST_ORDERS];  // 16 fractional bits, a set for each place in a byte
    int32_t opinions[MOST_ORDERS];
    const int16_t *stretch;         // of 4,096 probabilities: ln(p / (1 - p)) · 256
    const int16_t *squash;          // back, of -2047 … 2047
    uint64_t history;
    uint32_t partial;               // the byte's bits so far behind a 1
    int32_t p;                      // of 65,536: that the next bit is 1
} Mixer;

static int32_t squash(const Mixer *m, int32_t x) {
    return m->squash[(x > 2047 ? 2047 : x < -2047 ? -2047 : x) + 2047];
}

static void predict(Mixer *m) {
    int64_t sum = 0;
    for (int i = 0; i < m->orders; i++) {
        uint32_t hash = m->base[i] + m->partial * 0x85EBCA6Bu;
        m->at[i] = ((hash ^ hash >> 15) * 0xC2B2AE35u) >> (32 - SLOTS_LOG);
        uint32_t slot = m->slots[i][m->at[i]];
        m->opinions[i] = slot & 1023 ? m->stretch[slot >> 20] : 0;  // no experience, no opinion
        sum += (int64_t)m->weights[m->partial][i] * m->opinions[i];
    }
    int32_t p = squash(m, (int32_t)(sum >> 16)) * 16 + 8;
    m->p = p < 32 ? 32 : p > 65504 ? 65504 : p;
}

static void learn(Mixer *m, int bit) {
    int32_t error = ((bit << 16) - m->p) * 7 >> 4;
    for (int i = 0; i < m->orders; i++) {
        m->weights[m->partial][i] += (int32_t)(((int64_t)m->opinions[i] * error + 0x8000) >> 16);
        uint32_t *slot = &m->slots[i][m->at[i]], n = *slot & 1023;
        int64_t p = *slot >> 10, target = bit ? (1 << 22) - 1 : 0;
        p += (target - p) * 2 / (2 * (int64_t)n + 3);
        *slot = (uint32_t)p << 10 | (n < 255 ? n + 1 : n);
    }
    m->partial = m->partial << 1 | (uint32_t)bit;
}

static void next_byte(Mixer *m) {
    m->history = m->history << 8 | (m->partial & 255);
    m->partial = 1;
    for (int i = 1; i < m->orders; i++) {
        uint64_t context = m->history & (UINT64_MAX >> (64 - 8 * i));
        m->base[i] = (uint32_t)((context + 1) * 0x9E3779B97F4A7C15u >> 32) + (uint32_t)i * 0x632BE5ABu;
    }
}

EXPORT void lw_mixer_free(Mixer *m) {
    for (int i = 0; i < MOST_ORDERS; i++) free(m->slots[i]);
    free(m);
}

EXPORT Mixer *lw_mixer_new(int orders, const int16_t *stretch, const int16_t *squash_table) {
    Mixer *m = calloc(1, sizeof *m);
    if (!m) return NULL;
    m->orders = orders;
    m->stretch = stretch;
    m->squash = squash_table;
    for (int i = 0; i < orders; i++) {
        m->slots[i] = malloc(sizeof(uint32_t) << SLOTS_LOG);
        if (!m->slots[i]) {
            lw_mixer_free(m);
            return NULL;
        }
        for (size_t k = 0; k < (size_t)1 << SLOTS_LOG; k++) m->slots[i][k] = 1u << 31;
    }
    for (int p = 0; p < 256; p++)
        for (int i = 0; i < orders; i++) m->weights[p][i] = (1 << 16) * 2 / (orders + 1);
    m->partial = 1;
    next_byte(m);
    return m;
}

EXPORT void lw_mixer_encode(Mixer *m, Coder *c, const uint8_t *bytes, size_t length) {
    for (size_t k = 0; k < length; k++) {
        for (int i = 7; i >= 0; i--) {
            int bit = bytes[k] >> i & 1;
            predict(m);
            encode(c, bit ? 0 : (uint64_t)m->p, bit ? (uint64_t)m->p : 65536 - (uint64_t)m->p, 65536);
            learn(m, bit);
        }
        next_byte(m);
    }
}

EXPORT void lw_mixer_decode(Mixer *m, Coder *c, uint8_t *bytes, size_t length) {
    for (size_t k = 0; k < length; k++) {
        for (int i = 0; i < 8; i++) {
            predict(m);
            int bit = locate(c, 65536) < (uint64_t)m->p;
            narrow(c, bit ? 0 : (uint64_t)m->p, bit ? (uint64_t)m->p : 65536 - (uint64_t)m->p, 65536);
            learn(m, bit);
        }
        bytes[k] = (uint8_t)(m->partial & 255);
        next_byte(m);
    }
}
