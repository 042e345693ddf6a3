#include "connecting.h"

#include <string.h>

#include "answer.h"
#include "client.h"
#include "clock.h"
#include "stream.h"

static struct {
    uint64_t pending, ready, failed, replayed, resets;
    int64_t progress_at;
    struct latency latency;
    struct tally failures;
} run;

void connecting_ready(struct client *client)
{
    client->state = READY;
    streams_enlist(client);
    run.pending--;
    run.ready++;
    run.progress_at = now;
    latency_add(&run.latency, now - client->connected_at);
}

void connecting_failed(struct client *client, const char *reason)
{
    (void)client;
    run.pending--;
    run.failed++;
    run.progress_at = now;
    tally_add(&run.failures, reason, strlen(reason));
}

void connecting_replayed(void)
{
    run.replayed++;
}

void connecting_reset(void)
{
    run.resets++;
}

static void give_up(const struct connecting *command)
{
    for (uint32_t i = command->from; i < command->to; i++)
        if (clients[i].state == UPGRADING || clients[i].state == GREETING)
            client_lost(&clients[i], ABNORMAL, "timed out");
}

static void open_next(struct client *client, bool resume)
{
    if (client->fd >= 0)
        fail("client %u is connected already", client_index(client));
    if (resume)
        client->order.hole_count = 0;
    else
        order_clear(&client->order);
    run.pending++;
    client_open(client);
}

static void answer(const struct connecting *command, int64_t started_at)
{
    uint64_t missing = 0;
    for (uint32_t i = command->from; i < command->to; i++)
        missing += order_missing(&clients[i].order);
    answer_begin();
    answer_count("ready", (int64_t)run.ready);
    answer_count("failed", (int64_t)run.failed);
    answer_tally("failures", &run.failures);
    answer_number("seconds", (double)(clock_ns() - started_at) / NS_PER_SECOND);
    answer_latency_here(&run.latency);
    answer_count("replayed", (int64_t)run.replayed);
    answer_count("resets", (int64_t)run.resets);
    answer_count("missing", (int64_t)missing);
}

void connecting_run(const struct connecting *command)
{
    uint64_t duplicates = order_duplicates, gaps = order_gaps;
    int64_t started_at = clock_ns();
    uint32_t next = command->from;
    memset(&run, 0, sizeof run);
    run.progress_at = started_at;
    while (next < command->to || run.pending) {
        while (next < command->to && run.pending < command->window)
            open_next(&clients[next++], command->resume);
        clients_poll_until(INT64_MAX);
        if (now - run.progress_at > command->timeout_ns)
            give_up(command);
    }
    answer(command, started_at);
    answer_count("duplicates", (int64_t)(order_duplicates - duplicates));
    answer_count("out_of_order", (int64_t)(order_gaps - gaps));
    answer_end();
}
