/* Times are nanoseconds of the monotonic clock. */
#pragma once

#include <stdint.h>
#include <time.h>

#define NS_PER_MS 1000000
#define NS_PER_SECOND 1000000000

static inline int64_t clock_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * NS_PER_SECOND + time.tv_nsec;
}
