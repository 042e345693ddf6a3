#include "posting.h"

#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "bytes.h"
#include "client.h"
#include "clock.h"
#include "dialect.h"
#include "stream.h"
#include "target.h"

struct posting_run posting;

static unsigned runs;

bool posting_over(void)
{
    return posting.sent_count >= posting.command.posts || now - posting.started_at >= posting.command.duration_ns;
}

static struct post *new_post(struct client *poster)
{
    if (posting.sent_count == posting.sent_capacity) {
        posting.sent_capacity = posting.sent_capacity ? 2 * posting.sent_capacity : 4096;
        posting.sent = resized(posting.sent, posting.sent_capacity, sizeof *posting.sent);
    }
    struct post *post = &posting.sent[posting.sent_count++];
    *post = (struct post){.poster = poster, .stream = poster->room, .nth = ++poster->posted};
    if (target.dialect->acknowledges)
        post->awaits |= AWAITS_OK;
    if (posting.command.wait != WAIT_OK)
        post->awaits |= AWAITS_OWN;
    return post;
}

void posting_send(struct client *poster)
{
    static char payload[BODY_BYTES_MAX + ROOM_FOR_POST];
    static char frame[sizeof payload + MASKED_HEADER_BYTES_MAX];
    char label[LABEL_BYTES_MAX];
    snprintf(label, sizeof label, "p%u-%llu ", runs, (unsigned long long)posting.sent_count);
    struct post *post = new_post(poster);
    size_t length = target.dialect->post(poster, label, posting.command.bytes, payload);
    size_t size = websocket_frame(TEXT, payload, length, frame);
    post->stream->posts++;
    posting.expected += post->stream->readers;
    posting.unanswered++;
    poster->unanswered++;
    post->sent_at = posting.progress_at = clock_ns();
    if (!posting.first_at)
        posting.first_at = post->sent_at;
    client_send(poster, frame, size);
}

/* The next in turn that can post; NULL when all are gone. */
static struct client *next_poster(void)
{
    uint32_t posters = posting.command.to - posting.command.from;
    for (uint32_t tried = 0; tried < posters; tried++) {
        struct client *poster = &clients[posting.command.from + posting.next_poster++ % posters];
        if (poster->state == READY)
            return poster;
    }
    return NULL;
}

static void send_next(void)
{
    struct client *poster = next_poster();
    if (poster)
        posting_send(poster);
    else
        posting.command.posts = posting.sent_count;
}

static void fill_flight(void)
{
    for (uint32_t n = 0; n < posting.command.in_flight; n++)
        for (uint32_t i = posting.command.from; i < posting.command.to && !posting_over(); i++)
            if (clients[i].state == READY)
                posting_send(&clients[i]);
}

static bool all_arrived(void)
{
    return posting.unanswered <= 0 && posting.deliveries >= posting.expected;
}

/* Sends what is due by now; returns when there may be more. */
static int64_t send_due(void)
{
    int64_t due_at = INT64_MAX;
    if (posting.command.rate > 0) {
        while (!posting_over()) {
            due_at = posting.started_at + (int64_t)((double)posting.sent_count * NS_PER_SECOND / posting.command.rate);
            if (due_at > now)
                break;
            send_next();
        }
    } else if (posting.command.wait == WAIT_ALL) {
        while (all_arrived() && !posting_over())
            send_next();
    }
    return due_at;
}

static void begin(const struct posting *command)
{
    struct post *sent = posting.sent;
    uint64_t capacity = posting.sent_capacity;
    memset(&posting, 0, sizeof posting);
    posting.command = *command;
    posting.sent = sent;
    posting.sent_capacity = capacity;
    posting.mark_length = (size_t)snprintf(posting.mark, sizeof posting.mark, "\"p%u-", ++runs);
    streams_forget_posts();
    for (uint32_t i = 0; i < client_limit; i++) {
        struct client *client = &clients[i];
        client->posted = 0;
        client->delivered = client->unanswered = 0;
        if (!target.dialect->counts_events && client->state == READY) {
            order_clear(&client->order);
            for (uint32_t poster = command->from; poster < command->to; poster++)
                order_add(&client->order, poster, 0, NULL);
        }
    }
    posting.active = true;
    posting.started_at = posting.progress_at = now = clock_ns();
}

static void answer(uint64_t duplicates, uint64_t gaps)
{
    int64_t missing = posting.expected - posting.deliveries;
    answer_begin();
    answer_count("posts", (int64_t)posting.sent_count);
    answer_count("oks", (int64_t)posting.oks);
    answer_tally("errors", &posting.errors);
    answer_tally("closed", &posting.closes);
    answer_count("deliveries", posting.deliveries);
    answer_count("expected", posting.expected);
    answer_count("missing", missing > 0 ? missing : 0);
    answer_count("duplicates", (int64_t)(order_duplicates - duplicates));
    answer_count("out_of_order", (int64_t)(order_gaps - gaps));
    answer_number("seconds", posting.last_at ? (double)(posting.last_at - posting.first_at) / NS_PER_SECOND : 0);
    answer_latency("ok_ms", &posting.ok);
    answer_latency("delivery_ms", &posting.delivery);
    answer_latency("last_ms", &posting.last);
    answer_number("frame_bytes", posting.deliveries ? (double)posting.frame_bytes / (double)posting.deliveries : 0);
    answer_flag("timed_out", posting.timed_out);
    answer_end();
}

void posting_run(const struct posting *command)
{
    uint64_t duplicates = order_duplicates, gaps = order_gaps;
    begin(command);
    if (command->rate <= 0 && command->wait != WAIT_ALL)
        fill_flight();
    for (;;) {
        int64_t due_at = send_due();
        if (posting_over() && all_arrived())
            break;
        clients_poll_until(due_at);
        if (now - posting.progress_at > command->timeout_ns) {
            posting.timed_out = true;
            break;
        }
    }
    posting.active = false;
    answer(duplicates, gaps);
}
