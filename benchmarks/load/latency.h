/* A histogram of durations: 128 buckets to each power of two, so that a percentile is at most 0.8 % off. */
#pragma once

#include <stdint.h>

#define LATENCY_PRECISION_BITS 7
#define LATENCY_BUCKETS ((64 - LATENCY_PRECISION_BITS + 1) << LATENCY_PRECISION_BITS)

struct latency {
    uint64_t count;
    int64_t max_ns;
    uint64_t buckets[LATENCY_BUCKETS];
};

void latency_clear(struct latency *latency);
/* The duration below which `share` (0 to 1) of all lie, in nanoseconds. There must be some. */
int64_t latency_percentile(const struct latency *latency, double share);

static inline void latency_add(struct latency *latency, int64_t ns)
{
    uint64_t value = ns > 0 ? (uint64_t)ns : 0;
    unsigned bucket = (unsigned)value;
    if (value >> LATENCY_PRECISION_BITS) {
        unsigned shift = 63 - LATENCY_PRECISION_BITS - (unsigned)__builtin_clzll(value);
        unsigned within = (unsigned)(value >> shift) & ((1u << LATENCY_PRECISION_BITS) - 1);
        bucket = ((shift + 1) << LATENCY_PRECISION_BITS) + within;
    }
    latency->buckets[bucket]++;
    latency->count++;
    if (ns > latency->max_ns)
        latency->max_ns = ns;
}
