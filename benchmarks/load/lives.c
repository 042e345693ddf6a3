#include "lives.h"

#include <math.h>
#include <string.h>

#include "answer.h"
#include "arguments.h"
#include "client.h"
#include "clock.h"
#include "stream.h"

#define CLOSE_NS (10ll * NS_PER_SECOND)
#define CLOSE_CODE_NORMAL "\x03\xe8" /* 1000 */

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

void lives_stop_reading(void)
{
    set_reading(false);
}

void lives_start_reading(void)
{
    set_reading(true);
}

static void serve_until_closed(uint32_t from, uint32_t to, int64_t timeout_ns)
{
    int64_t until = clock_ns() + timeout_ns;
    while (clients_open(from, to) && now < until)
        clients_poll_until(until);
}

static void say_goodbye(struct client *client)
{
    client_set_reading(client, true);
    client->state = CLOSING;
    client_send_frame(client, CLOSE, CLOSE_CODE_NORMAL, 2);
}

void lives_drop(void)
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

void lives_wait_closed(void)
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
    answer_count("open", clients_open(from, to));
    answer_end();
}
