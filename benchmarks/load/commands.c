#include "commands.h"

#include <math.h>
#include <string.h>

#include "answer.h"
#include "arguments.h"
#include "clock.h"
#include "connecting.h"
#include "dialect.h"
#include "posting.h"
#include "stream.h"
#include "target.h"

#define POLL_MS 100
#define CLOSE_NS (10ll * NS_PER_SECOND)
#define CLOSE_CODE_NORMAL "\x03\xe8" /* 1000 */
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

static void set_reading(bool reading)
{
    uint32_t from, to;
    int64_t changed = 0;
    arguments_range(&from, &to);
    for (uint32_t i = from; i < to; i++) {
        struct client *client = &clients[i];
        if (client->state != READY || client->reading == reading)
            continue;
        (reading ? streams_enlist : streams_delist)(client);
        client_set_reading(client, reading);
        changed++;
    }
    answer_begin();
    answer_count("changed", changed);
    answer_end();
}

static void run_stop_reading(void)
{
    set_reading(false);
}

static void run_start_reading(void)
{
    set_reading(true);
}

static uint32_t open_among(uint32_t from, uint32_t to)
{
    uint32_t open = 0;
    for (uint32_t i = from; i < to; i++)
        open += clients[i].fd >= 0;
    return open;
}

static void serve_until_closed(uint32_t from, uint32_t to, int64_t timeout_ns)
{
    int64_t until = clock_ns() + timeout_ns;
    while (open_among(from, to) && now < until)
        clients_poll(POLL_MS);
}

static void say_goodbye(struct client *client)
{
    client_set_reading(client, true);
    client->state = CLOSING;
    client_send_frame(client, CLOSE, CLOSE_CODE_NORMAL, 2);
}

static void run_drop(void)
{
    const char *how = argument_text("how", "");
    bool reset = !strcmp(how, "reset");
    uint32_t from, to;
    int64_t dropped = 0;
    arguments_range(&from, &to);
    if (!reset && strcmp(how, "close"))
        fail("how=%s: it takes reset and close", how);
    for (uint32_t i = from; i < to; i++) {
        struct client *client = &clients[i];
        if (client->state != READY)
            continue;
        if (client->reading)
            streams_delist(client);
        if (reset)
            client_hang_up(client, true);
        else
            say_goodbye(client);
        dropped++;
    }
    serve_until_closed(from, to, CLOSE_NS);
    for (uint32_t i = from; i < to; i++)
        client_hang_up(&clients[i], true);
    answer_begin();
    answer_count("dropped", dropped);
    answer_end();
}

static void run_wait_closed(void)
{
    struct tally closed = {0};
    uint32_t from, to;
    arguments_range(&from, &to);
    serve_until_closed(from, to, argument_ns("timeout", NAN));
    for (uint32_t i = from; i < to; i++)
        if (clients[i].fd < 0 && clients[i].close_code)
            tally_add_number(&closed, clients[i].close_code);
    answer_begin();
    answer_tally("closed", &closed);
    answer_count("open", open_among(from, to));
    answer_end();
}

static void run_idle(void)
{
    int64_t until = clock_ns() + argument_ns("seconds", NAN);
    while (now < until)
        clients_poll(POLL_MS);
    answer_begin();
    answer_end();
}

static void run_stats(void)
{
    static struct cpu at_last;
    answer_begin();
    answer_count("open", open_among(0, client_limit));
    answer_tally("closed", &closes);
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
    {"stop_reading", run_stop_reading, "from to"},
    {"start_reading", run_start_reading, "from to"},
    {"drop", run_drop, "from to how"},
    {"wait_closed", run_wait_closed, "from to timeout"},
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
