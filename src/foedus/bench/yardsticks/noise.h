/* Uncoupled noise for the yardsticks: xoshiro256++ (Blackman and Vigna 2021), seeded by SplitMix64,
   and unit exponentials by the ziggurat of 256 layers (Marsaglia and Tsang 2000). */
#pragma once
#include <math.h>
#include <stdint.h>

typedef struct {
    uint64_t word[4];
} Noise;

static inline uint64_t rotated(uint64_t x, int by) {
    return (x << by) | (x >> (64 - by));
}

static inline uint64_t split_mix(uint64_t *state) {
    uint64_t z = *state += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

static inline Noise noise_of(uint64_t seed, uint64_t run) {
    uint64_t state = seed;
    state = split_mix(&state) + run;
    Noise noise;
    for (int i = 0; i < 4; i++) {
        noise.word[i] = split_mix(&state);
    }
    return noise;
}

static inline uint64_t next_bits(Noise *noise) {
    uint64_t *s = noise->word;
    uint64_t result = rotated(s[0] + s[3], 23) + s[0];
    uint64_t shifted = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotated(s[3], 45);
    return result;
}

/* Strictly between 0 and 1. */
static inline double next_uniform(Noise *noise) {
    return ((double)(next_bits(noise) >> 11) + 0.5) * 0x1.0p-53;
}

/* The ziggurat: layer i has the width `zig_width[i]` per unit of a 53-bit number; numbers below
   `zig_inside[i]` lie under the curve for certain. */
#define ZIG_LAYERS 256
#define ZIG_TAIL 7.69711747013104972
#define ZIG_AREA 3.9496598225815571993e-3

static uint64_t zig_inside[ZIG_LAYERS];
static double zig_width[ZIG_LAYERS];
static double zig_height[ZIG_LAYERS];

static inline void prepare_ziggurat(void) {
    const double scale = 0x1.0p53;
    double edge = ZIG_TAIL;
    double bottom = ZIG_AREA / exp(-edge);
    zig_inside[0] = (uint64_t)(edge / bottom * scale);
    zig_inside[1] = 0;
    zig_width[0] = bottom / scale;
    zig_width[ZIG_LAYERS - 1] = edge / scale;
    zig_height[0] = 1.0;
    zig_height[ZIG_LAYERS - 1] = exp(-edge);
    for (int i = ZIG_LAYERS - 2; i >= 1; i--) {
        double above = -log(ZIG_AREA / edge + exp(-edge));
        zig_inside[i + 1] = (uint64_t)(above / edge * scale);
        edge = above;
        zig_height[i] = exp(-edge);
        zig_width[i] = edge / scale;
    }
}

static inline double next_exponential(Noise *noise) {
    for (;;) {
        uint64_t word = next_bits(noise);
        int layer = word & (ZIG_LAYERS - 1);
        uint64_t place = word >> 11;
        double x = (double)place * zig_width[layer];
        if (__builtin_expect(place < zig_inside[layer], 1)) {
            return x;
        }
        if (layer == 0) {
            return ZIG_TAIL - log(next_uniform(noise));
        }
        double gap = zig_height[layer - 1] - zig_height[layer];
        if (zig_height[layer] + next_uniform(noise) * gap < exp(-x)) {
            return x;
        }
    }
}
