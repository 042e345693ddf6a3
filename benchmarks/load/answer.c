#include "answer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

static struct cpu at_start;
static int members;

struct cpu cpu_so_far(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (struct cpu){
        .user = (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec / 1e6,
        .system = (double)usage.ru_stime.tv_sec + (double)usage.ru_stime.tv_usec / 1e6,
    };
}

void answer_started(void)
{
    at_start = cpu_so_far();
}

/* A JSON string: of other people's words, what is printable ASCII. */
static void text(const char *text)
{
    putchar('"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            putchar('\\');
        putchar(*text < ' ' || *text > '~' ? '?' : *text);
    }
    putchar('"');
}

static void name(const char *name)
{
    putchar(members++ ? ',' : '{');
    text(name);
    putchar(':');
}

void answer_begin(void)
{
    members = 0;
}

void answer_count(const char *key, int64_t count)
{
    name(key);
    printf("%lld", (long long)count);
}

void answer_number(const char *key, double number)
{
    name(key);
    printf("%.6f", number);
}

void answer_flag(const char *key, int flag)
{
    name(key);
    printf(flag ? "true" : "false");
}

void answer_tally(const char *key, const struct tally *tally)
{
    name(key);
    putchar('{');
    for (unsigned i = 0; i < TALLY_NAMES && tally->entries[i].count; i++) {
        if (i)
            putchar(',');
        text(tally->entries[i].name);
        printf(":%llu", (unsigned long long)tally->entries[i].count);
    }
    putchar('}');
}

static void percentile(const char *key, const struct latency *latency, double share)
{
    text(key);
    if (latency->count)
        printf(":%.4f", (double)latency_percentile(latency, share) / 1e6);
    else
        printf(":null");
}

void answer_latency(const char *key, const struct latency *latency)
{
    name(key);
    putchar('{');
    percentile("p50", latency, 0.50);
    putchar(',');
    percentile("p99", latency, 0.99);
    putchar(',');
    percentile("max", latency, 1.0);
    putchar('}');
}

void answer_latency_here(const struct latency *latency)
{
    putchar(',');
    members++;
    percentile("p50_ms", latency, 0.50);
    putchar(',');
    percentile("p99_ms", latency, 0.99);
    putchar(',');
    percentile("max_ms", latency, 1.0);
}

void answer_cpu(const char *key, struct cpu since)
{
    struct cpu cpu = cpu_so_far();
    name(key);
    printf("{\"user\":%.6f,\"system\":%.6f}", cpu.user - since.user, cpu.system - since.system);
}

void answer_end(void)
{
    answer_cpu("cpu", at_start);
    printf("}\n");
    fflush(stdout);
}

void fail(const char *format, ...)
{
    char words[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    answer_begin();
    name("error");
    text(words);
    printf("}\n");
    fflush(stdout);
    exit(2);
}
