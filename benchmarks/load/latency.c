#include "latency.h"

#include <string.h>

void latency_clear(struct latency *latency)
{
    memset(latency, 0, sizeof *latency);
}

/* The middle of a bucket: what latency_add() does, backwards. */
static int64_t middle_of(unsigned bucket)
{
    unsigned group = bucket >> LATENCY_PRECISION_BITS;
    uint64_t within = bucket & ((1u << LATENCY_PRECISION_BITS) - 1);
    if (!group)
        return (int64_t)within;
    unsigned shift = group - 1;
    uint64_t least = ((1ull << LATENCY_PRECISION_BITS) + within) << shift;
    return (int64_t)(least + ((1ull << shift) >> 1));
}

int64_t latency_percentile(const struct latency *latency, double share)
{
    uint64_t rank = (uint64_t)(share * (double)latency->count);
    uint64_t seen = 0;
    for (unsigned bucket = 0; bucket < LATENCY_BUCKETS; bucket++) {
        seen += latency->buckets[bucket];
        if (seen > rank) {
            int64_t middle = middle_of(bucket);
            return middle < latency->max_ns ? middle : latency->max_ns;
        }
    }
    return latency->max_ns;
}
