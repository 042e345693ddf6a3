#include "commands.h"

#include <math.h>
#include <string.h>

#include "answer.h"
#include "arguments.h"
#include "clock.h"
#include "connecting.h"
#include "dialect.h"
#include "lives.h"
#include "posting.h"
#include "target.h"

#define POSTS_MAX 1e9
#define FOR_EVER_SECONDS 1e6

static void run_target(void)
{
    const char *host = argument_text("host", NULL), *port = argument_text("port", NULL);
    const char *path = argument_text("path", NULL), *dialect = argument_text("dialect", NULL);
    if (!host || !port || !path || !dialect)
        fail("target takes host, port, path and dialect");
    target_set(host, port, path, dialect, argument_text("tokens", NULL));
    answer_begin();
    answer_count("clients", client_limit);
    answer_end();
}

static void run_connect(void)
{
    struct connecting command = {
        .window = (uint32_t)argument_number("window", 64, 1, client_limit),
        .resume = argument_number("resume", 0, 0, 1) > 0,
        .timeout_ns = argument_ns("timeout", 60),
    };
    arguments_range(&command.from, &command.to);
    connecting_run(&command);
}

static enum wait wait_named(const char *name)
{
    if (!strcmp(name, "all"))
        return WAIT_ALL;
    if (!strcmp(name, "own"))
        return WAIT_OWN;
    if (!strcmp(name, "ok") && target.dialect->acknowledges)
        return WAIT_OK;
    fail("wait=%s: it takes all, own and, where posts are acknowledged, ok", name);
}

static void run_post(void)
{
    struct posting command = {
        .wait = wait_named(argument_text("wait", "")),
        .in_flight = (uint32_t)argument_number("in_flight", 1, 1, 10000),
        .posts = (uint64_t)argument_number("posts", POSTS_MAX, 1, POSTS_MAX),
        .duration_ns = argument_ns("seconds", FOR_EVER_SECONDS),
        .rate = argument_number("rate", 0, 0, 1e7),
        .bytes = (size_t)argument_number("bytes", NAN, BODY_BYTES_MIN, BODY_BYTES_MAX),
        .timeout_ns = argument_ns("timeout", 60),
    };
    arguments_range(&command.from, &command.to);
    if (!argument_given("posts") && !argument_given("seconds"))
        fail("post takes posts or seconds");
    if (command.from == command.to)
        fail("nobody posts");
    for (uint32_t i = command.from; i < command.to; i++)
        if (clients[i].state != READY || !clients[i].reading)
            fail("client %u cannot post: it is not connected, or does not read", i);
    posting_run(&command);
}

static void run_idle(void)
{
    int64_t until = clock_ns() + argument_ns("seconds", NAN);
    while (now < until)
        clients_poll_until(until);
    answer_begin();
    answer_end();
}

static void run_stats(void)
{
    static struct cpu at_last;
    answer_begin();
    answer_count("open", clients_open(0, client_limit));
    answer_tally("closed", &client_closes);
    answer_count("duplicates", (int64_t)order_duplicates);
    answer_count("out_of_order", (int64_t)order_gaps);
    answer_cpu("cpu_since_start", (struct cpu){0});
    answer_cpu("cpu_since_stats", at_last);
    at_last = cpu_so_far();
    answer_end();
}

static const struct {
    const char *name;
    void (*run)(void);
    const char *keys;
} commands[] = {
    {"target", run_target, "host port path dialect tokens"},
    {"connect", run_connect, "from to window resume timeout"},
    {"post", run_post, "from to wait in_flight posts seconds rate bytes timeout"},
    {"stop_reading", lives_stop_reading, "from to"},
    {"start_reading", lives_start_reading, "from to"},
    {"drop", lives_drop, "from to how"},
    {"wait_closed", lives_wait_closed, "from to timeout"},
    {"idle", run_idle, "seconds"},
    {"stats", run_stats, ""},
};

void command_run(char *line)
{
    const char *name = strtok(line, " \t\r\n");
    answer_started();
    for (size_t i = 0; name && i < sizeof commands / sizeof *commands; i++)
        if (!strcmp(commands[i].name, name)) {
            arguments_read(commands[i].keys);
            if (!target.dialect && i)
                fail("there is no target yet");
            commands[i].run();
            return;
        }
    fail("there is no command %s", name ? name : "");
}
