/* Servers without streams: what one client says, all get, unchanged. */
#include <stdio.h>
#include <string.h>

#include "connecting.h"
#include "dialect.h"
#include "posting.h"
#include "stream.h"
#include "target.h"

static void browser_request(struct client *client, struct bytes *to)
{
    (void)client;
    bytes_print(to, "Origin: http://%s\r\n", target.authority);
}

static void ready(struct client *client)
{
    client->room = &everybody;
    connecting_ready(client);
}

/* Posts carry no number of the server's: those of one poster are counted. */
static void message(struct client *client, const struct frame *frame)
{
    struct post *post = posting_named(frame->payload, frame->length);
    if (!post || client->state != READY)
        return;
    uint32_t poster = client_index(post->poster) - posting.command.from;
    if (order_take(&client->order, &client->order.sequences[poster], post->nth))
        posting_delivered(client, post, frame->size);
}

/* Writes prefix, label, filling and suffix, of which `padded` bytes lie before the suffix. */
static size_t fill(char *to, const char *prefix, const char *label, size_t padded, const char *suffix)
{
    size_t length = (size_t)sprintf(to, "%s%s", prefix, label);
    memset(to + length, 'x', padded - length);
    strcpy(to + padded, suffix);
    return padded + strlen(suffix);
}

/* {"message": …}, as the chat of Channels' tutorial wants it. `bytes` is the size of the whole. */
static size_t plain_post(struct client *client, const char *label, size_t bytes, char *to)
{
    (void)client;
    return fill(to, "{\"message\":\"", label, bytes - strlen("\"}"), "\"}");
}

const struct dialect plain = {
    .name = "plain",
    .query = "",
    .request = browser_request,
    .opened = ready,
    .text = message,
    .post = plain_post,
};

/* Engine.IO 4: the first character of a packet is its type, in messages the next one is Socket.IO's. */
static void socketio_text(struct client *client, const struct frame *frame)
{
    const char *packet = frame->payload;
    if (frame->length >= 2 && packet[0] == '4' && packet[1] == '2')
        message(client, frame);
    else if (frame->length >= 2 && packet[0] == '4' && packet[1] == '0' && client->state == GREETING)
        ready(client);
    else if (frame->length >= 1 && packet[0] == '0')
        client_send_frame(client, TEXT, "40", 2);
    else if (frame->length == 1 && packet[0] == '2')
        client_send_frame(client, TEXT, "3", 1);
}

static void socketio_opened(struct client *client)
{
    (void)client; /* the server speaks first */
}

static size_t socketio_post(struct client *client, const char *label, size_t bytes, char *to)
{
    (void)client;
    return fill(to, "42[\"message\",\"", label, bytes - strlen("\"]"), "\"]");
}

const struct dialect socketio = {
    .name = "socketio",
    .query = "?EIO=4&transport=websocket",
    .request = browser_request,
    .opened = socketio_opened,
    .text = socketio_text,
    .post = socketio_post,
};
