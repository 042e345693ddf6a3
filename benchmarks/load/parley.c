/* Parley's protocol v1. */
#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "connecting.h"
#include "dialect.h"
#include "posting.h"
#include "stream.h"
#include "target.h"
#include "text.h"

#define RESUME_REF "\"ref\":\"resume\""

/* `room:12` or `user:3`, as one number; 0 for any other. */
static uint64_t stream_key(struct text *text)
{
    bool room = BEGINS(text, "room:");
    if (!room && !BEGINS(text, "user:"))
        return 0;
    text->at += strlen("room:");
    return text_number(text) << 1 | room;
}

static bool is_room(uint64_t key)
{
    return key & 1;
}

static void malformed(struct client *client, const struct frame *frame)
{
    fail("client %u got what is no frame of Parley's: %.*s", client_index(client),
         (int)(frame->length < 200 ? frame->length : 200), frame->payload);
}

/* Connecting --------------------------------------------------------------------------------------- */

static void request(struct client *client, struct bytes *to)
{
    uint32_t index = client_index(client);
    if (index >= target.token_count)
        fail("there is no token for client %u", index);
    bytes_print(to, "Sec-WebSocket-Protocol: parley.v1\r\nAuthorization: Bearer %s\r\n", target.tokens[index]);
}

static void opened(struct client *client)
{
    (void)client; /* the server speaks first */
}

static void resume(struct client *client)
{
    struct bytes frame = {0};
    bytes_print(&frame, "{\"op\":\"resume\"," RESUME_REF);
    if (client->order.count) {
        bytes_print(&frame, ",\"epoch\":\"%s\",\"cursors\":{", client->epoch);
        for (uint32_t i = 0; i < client->order.count; i++) {
            const struct sequence *sequence = &client->order.sequences[i];
            bytes_print(&frame, "%s\"%s:%llu\":%llu", i ? "," : "", is_room(sequence->key) ? "room" : "user",
                        (unsigned long long)sequence->key >> 1, (unsigned long long)sequence->last);
        }
        bytes_print(&frame, "}");
    }
    bytes_print(&frame, "}");
    client_send_frame(client, TEXT, frame.data, frame.length);
    bytes_free(&frame);
}

/* Everything up to `head` must have come by now. */
static void caught_up(struct client *client, uint64_t key, uint64_t head)
{
    struct stream *stream = is_room(key) ? stream_of(key) : NULL;
    struct sequence *sequence = order_find(&client->order, key);
    if (!sequence)
        order_add(&client->order, key, head, stream);
    else if (sequence->last < head)
        order_skip(&client->order, sequence, head);
    if (stream && !client->room)
        client->room = stream;
}

static void ready(struct client *client, const struct frame *frame, struct text text)
{
    if (client->state != GREETING || !SKIP(&text, "\"epoch\":\""))
        malformed(client, frame);
    snprintf(client->epoch, sizeof client->epoch, "%.*s", (int)text_string(&text), text.at);
    if (!SKIP(&text, "\"streams\":{"))
        malformed(client, frame);
    while (text.at < text.end && *text.at++ == '"') {
        uint64_t key = stream_key(&text);
        if (!key || !SKIP(&text, "\":"))
            malformed(client, frame);
        caught_up(client, key, text_number(&text));
        if (text.at < text.end && *text.at == ',')
            text.at++;
    }
    if (!client->room)
        fail("client %u is in no room", client_index(client));
    connecting_ready(client);
}

static void reset(struct client *client, const struct frame *frame, struct text text)
{
    if (!SKIP(&text, "\"stream\":\""))
        malformed(client, frame);
    struct sequence *sequence = order_find(&client->order, stream_key(&text));
    if (!SKIP(&text, "\"seq\":"))
        malformed(client, frame);
    if (sequence)
        sequence->last = text_number(&text);
    connecting_reset();
}

/* Messages ----------------------------------------------------------------------------------------- */

static void event(struct client *client, const struct frame *frame, struct text text)
{
    if (!SKIP(&text, "event\",\"stream\":\""))
        malformed(client, frame);
    struct sequence *sequence = order_find(&client->order, stream_key(&text));
    if (!sequence)
        return; /* it is counted from the `ready` that names it */
    if (!SKIP(&text, "\",\"seq\":"))
        malformed(client, frame);
    bool is_new = order_take(&client->order, sequence, text_number(&text));
    if (client->state == GREETING) {
        connecting_replayed();
        return;
    }
    if (!is_new || !SKIP(&text, ",\"type\":\"") || !BEGINS(&text, "message.posted\""))
        return;
    struct post *post = posting_named(text.at, (size_t)(text.end - text.at));
    if (post)
        posting_delivered(client, post, frame->size);
}

static void refused(struct client *client, const struct frame *frame, struct text text)
{
    struct post *post = posting_named(text.at, (size_t)(text.end - text.at));
    if (!SKIP(&text, "\"code\":\""))
        malformed(client, frame);
    if (client->state == GREETING) {
        char code[24];
        snprintf(code, sizeof code, "%.*s", (int)text_string(&text), text.at);
        client_lost(client, ABNORMAL, code);
    } else if (post)
        posting_refused(client, post, text.at, text_string(&text));
}

static void acknowledged(struct client *client, struct text text)
{
    struct post *post = posting_named(text.at, (size_t)(text.end - text.at));
    if (post)
        posting_acknowledged(client, post);
}

/* Signals may be lost, so that nobody counts them; after `bye` comes the close frame. */
static void dispatch(struct client *client, const struct frame *frame)
{
    struct text text = {frame->payload, frame->payload + frame->length};
    if (!BEGINS(&text, "{\"op\":\""))
        malformed(client, frame);
    text.at += strlen("{\"op\":\"");
    if (BEGINS(&text, "event\""))
        event(client, frame, text);
    else if (BEGINS(&text, "ok\""))
        acknowledged(client, text);
    else if (BEGINS(&text, "error\""))
        refused(client, frame, text);
    else if (BEGINS(&text, "hello\""))
        resume(client);
    else if (BEGINS(&text, "ready\""))
        ready(client, frame, text);
    else if (BEGINS(&text, "reset\""))
        reset(client, frame, text);
}

static void print_uuid(char *to)
{
    uint32_t a = random_bits(), b = random_bits(), c = random_bits(), d = random_bits();
    sprintf(to, "%08x-%04x-4%03x-%04x-%04x%08x", a, b >> 16, b & 0xfff, 0x8000 | (c >> 16 & 0x3fff), c & 0xffff, d);
}

static size_t post(struct client *client, const char *label, size_t bytes, char *to)
{
    char id[37];
    print_uuid(id);
    int ref = (int)strcspn(label, " ");
    unsigned long long room = client->room->key >> 1;
    const char *format = "{\"op\":\"post\",\"ref\":\"%.*s\",\"room\":\"%llu\",\"id\":\"%s\",\"body\":\"%s";
    size_t length = (size_t)sprintf(to, format, ref, label, room, id, label);
    size_t filling = bytes - strlen(label);
    memset(to + length, 'x', filling);
    memcpy(to + length + filling, "\"}", 2);
    return length + filling + 2;
}

const struct dialect parley = {
    .name = "parley",
    .query = "",
    .acknowledges = true,
    .counts_events = true,
    .request = request,
    .opened = opened,
    .text = dispatch,
    .post = post,
};
