/* One JSON object on one line answers each command. */
#pragma once

#include <stdint.h>

#include "latency.h"
#include "tally.h"

/* User and system time of this process, in seconds. */
struct cpu {
    double user, system;
};

struct cpu cpu_so_far(void);

void answer_begin(void);
void answer_count(const char *name, int64_t count);
void answer_number(const char *name, double number);
void answer_flag(const char *name, int flag);
void answer_tally(const char *name, const struct tally *tally);
void answer_latency(const char *name, const struct latency *latency);
/* p50_ms, p99_ms and max_ms among the other members of the answer. */
void answer_latency_here(const struct latency *latency);
void answer_cpu(const char *name, struct cpu since);
/* Adds the CPU time since answer_started() and sends the line. */
void answer_end(void);
void answer_started(void);

/* Answers {"error": …} and ends the program with 2. */
void fail(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
