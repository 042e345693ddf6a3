/* Parley's protocol v1. Frames are searched, not parsed: keys may be added to them, not reordered. */
#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "connecting.h"
#include "dialect.h"
#include "posting.h"
#include "stream.h"
#include "target.h"

#define KEY_WITHIN_BYTES 512
#define RESUME_REF "\"ref\":\"resume\""

/* What of a frame is still to be read. */
struct text {
    const char *at, *end;
};

/* Moves behind the next `key`, which mostly stands right here. */
static bool skip(struct text *text, const char *key, size_t length)
{
    size_t left = (size_t)(text->end - text->at);
    if (left < length || memcmp(text->at, key, length)) {
        const char *found = memmem(text->at, left < KEY_WITHIN_BYTES ? left : KEY_WITHIN_BYTES, key, length);
        if (!found)
            return false;
        text->at = found;
    }
    text->at += length;
    return true;
}
#define SKIP(text, key) skip(text, key, sizeof key - 1)

static bool begins(const struct text *text, const char *word, size_t length)
{
    return (size_t)(text->end - text->at) >= length && !memcmp(text->at, word, length);
}
#define BEGINS(text, word) begins(text, word, sizeof word - 1)

static uint64_t number(struct text *text)
{
    uint64_t number = 0;
    for (; text->at < text->end && *text->at >= '0' && *text->at <= '9'; text->at++)
        number = number * 10 + (uint64_t)(*text->at - '0');
    return number;
}

/* `room:12` or `user:3`, as one number; 0 for any other. */
static uint64_t stream_key(struct text *text)
{
    bool room = BEGINS(text, "room:");
    if (!room && !BEGINS(text, "user:"))
        return 0;
    text->at += strlen("room:");
    return number(text) << 1 | room;
}

static bool is_room(uint64_t key)
{
    return key & 1;
}

/* The string that begins here. */
static size_t string_length(const struct text *text)
{
    const char *quote = memchr(text->at, '"', (size_t)(text->end - text->at));
    return quote ? (size_t)(quote - text->at) : 0;
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
    if (!SKIP(&text, "\"epoch\":\""))
        malformed(client, frame);
    snprintf(client->epoch, sizeof client->epoch, "%.*s", (int)string_length(&text), text.at);
    if (!SKIP(&text, "\"streams\":{"))
        malformed(client, frame);
    while (text.at < text.end && *text.at++ == '"') {
        uint64_t key = stream_key(&text);
        if (!key || !SKIP(&text, "\":"))
            malformed(client, frame);
        caught_up(client, key, number(&text));
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
        sequence->last = number(&text);
    connecting_reset();
}

/* Messages ----------------------------------------------------------------------------------------- */

static void event(struct client *client, const struct frame *frame, struct text text)
{
    if (!SKIP(&text, ",\"stream\":\""))
        malformed(client, frame);
    struct sequence *sequence = order_find(&client->order, stream_key(&text));
    if (!sequence)
        return; /* it is counted from the `ready` that names it */
    if (!SKIP(&text, "\",\"seq\":"))
        malformed(client, frame);
    bool is_new = order_take(&client->order, sequence, number(&text));
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
        snprintf(code, sizeof code, "%.*s", (int)string_length(&text), text.at);
        client_lost(client, ABNORMAL, code);
    } else if (post)
        posting_refused(client, post, text.at, string_length(&text));
}

static void acknowledged(struct client *client, struct text text)
{
    struct post *post = posting_named(text.at, (size_t)(text.end - text.at));
    if (post)
        posting_acknowledged(client, post);
}

static void parley_text(struct client *client, const struct frame *frame)
{
    struct text text = {frame->payload, frame->payload + frame->length};
    if (!BEGINS(&text, "{\"op\":\""))
        malformed(client, frame);
    text.at += strlen("{\"op\":\"");
    if (BEGINS(&text, "event\"")) {
        text.at += strlen("event\"");
        event(client, frame, text);
    } else if (BEGINS(&text, "ok\"")) {
        acknowledged(client, text);
    } else if (BEGINS(&text, "error\"")) {
        refused(client, frame, text);
    } else if (BEGINS(&text, "hello\"")) {
        resume(client);
    } else if (BEGINS(&text, "ready\"")) {
        ready(client, frame, text);
    } else if (BEGINS(&text, "reset\"")) {
        reset(client, frame, text);
    }
    /* Signals may be lost, so nobody counts them; after `bye` comes the close frame. */
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
    size_t length = (size_t)sprintf(to, "{\"op\":\"post\",\"ref\":\"%.*s\",\"room\":\"%llu\",\"id\":\"%s\",\"body\":\"%s",
                                    (int)strcspn(label, " "), label, (unsigned long long)client->room->key >> 1, id, label);
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
    .text = parley_text,
    .post = post,
};
