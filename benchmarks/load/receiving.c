#include "receiving.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "clock.h"
#include "dialect.h"
#include "target.h"

#define READ_BYTES (256 * 1024)
#define FRAME_BYTES_MAX (2 * 1024 * 1024)
#define CLOSE_CODE_NONE 1005
#define CLOSE_CODE_PROTOCOL 1002
#define CLOSE_CODE_TOO_BIG 1009

/* One for all clients: what is left of one is moved into its `partial`. */
static char buffer[FRAME_BYTES_MAX + READ_BYTES];

static void closed_by_peer(struct client *client, const struct frame *frame)
{
    unsigned code = CLOSE_CODE_NONE;
    char reason[40];
    if (frame->length >= 2)
        code = (unsigned)(uint8_t)frame->payload[0] << 8 | (uint8_t)frame->payload[1];
    snprintf(reason, sizeof reason, "close %u", code);
    client_send_frame(client, CLOSE, frame->payload, frame->length < 2 ? 0 : 2);
    if (client->fd >= 0)
        client_lost(client, code, reason);
}

static void take(struct client *client, const struct frame *frame)
{
    if (client->state == CLOSING && frame->opcode != CLOSE)
        return;
    if (frame->masked || !frame->final)
        client_lost(client, CLOSE_CODE_PROTOCOL, "a masked or fragmented frame");
    else if (frame->opcode == TEXT)
        target.dialect->text(client, frame);
    else if (frame->opcode == CLOSE)
        closed_by_peer(client, frame);
    else if (frame->opcode == PING)
        client_send_frame(client, PONG, frame->payload, frame->length);
    else if (frame->opcode != PONG)
        client_lost(client, CLOSE_CODE_PROTOCOL, "a frame that is no text");
}

/* Takes all frames that are whole; returns how many bytes they were. */
static size_t take_frames(struct client *client, const char *data, size_t length)
{
    size_t taken = 0;
    struct frame frame;
    while (websocket_parse(data + taken, length - taken, &frame)) {
        taken += frame.size;
        take(client, &frame);
        if (client->fd < 0)
            return length;
    }
    return taken;
}

/* The head of the response to the opening request. Returns its size, 0 while it is incomplete. */
static size_t take_response(struct client *client, const char *data, size_t length)
{
    unsigned status;
    size_t head = websocket_response(data, length, &status);
    if (!head)
        return 0;
    if (status != 101) {
        char reason[32];
        snprintf(reason, sizeof reason, "HTTP %u", status);
        client_lost(client, ABNORMAL, reason);
        return length;
    }
    client->state = GREETING;
    target.dialect->opened(client);
    return head;
}

static size_t take_bytes(struct client *client, const char *data, size_t length)
{
    size_t taken = 0;
    if (client->state == UPGRADING)
        taken = take_response(client, data, length);
    if (client->fd >= 0 && client->state != UPGRADING)
        taken += take_frames(client, data + taken, length - taken);
    return taken;
}

void client_receive(struct client *client)
{
    size_t held = client->partial.length;
    ssize_t received = recv(client->fd, buffer + held, READ_BYTES, 0);
    if (received <= 0) {
        if (received == 0 || errno != EAGAIN)
            client_lost(client, ABNORMAL, received ? strerror(errno) : "end of connection");
        return;
    }
    now = clock_ns();
    if (held)
        memcpy(buffer, client->partial.data, held);
    size_t length = held + (size_t)received;
    size_t taken = take_bytes(client, buffer, length);
    if (client->fd < 0)
        return;
    if (length - taken > FRAME_BYTES_MAX) {
        client_lost(client, CLOSE_CODE_TOO_BIG, "a frame that is too big");
        return;
    }
    client->partial.length = 0;
    if (taken < length)
        bytes_append(&client->partial, buffer + taken, length - taken);
    else if (held)
        bytes_free(&client->partial);
}
