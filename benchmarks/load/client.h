/* The clients: one WebSocket each, at most one life at a time; what a life received outlives it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "bytes.h"
#include "order.h"
#include "tally.h"
#include "websocket.h"

enum client_state {
    CLOSED,
    UPGRADING, /* from connect() to the answer to the opening request */
    GREETING,  /* until the dialect says that it is ready */
    READY,
    CLOSING, /* we have sent a close frame: only the end matters now */
};

#define ABNORMAL 1006 /* the connection ended without a close frame */

struct client {
    enum client_state state;
    int fd;
    bool reading;
    uint16_t close_code;  /* how the last life ended; 0 when it was dropped from this side */
    int64_t connected_at; /* when connect() was called */
    struct bytes partial; /* the beginning of a frame whose rest is under way */
    struct bytes unsent;
    struct order order;
    struct stream *room; /* where it posts */
    char epoch[40];
    uint64_t posted;    /* posts of this run */
    int64_t delivered;  /* posts of this run that reached it */
    int64_t unanswered; /* its posts of this run that are not answered yet */
};

extern struct client *clients;
extern uint32_t client_limit;
/* When something was last read, or waited for in vain. */
extern int64_t now;
/* Ends that this side did not ask for, since the program started. */
extern struct tally client_closes;

void clients_init(void);
int clients_fd(void);
static inline uint32_t client_index(const struct client *client)
{
    return (uint32_t)(client - clients);
}

/* Serves the sockets: waits up to `timeout_ms` for something to happen. */
void clients_poll(int timeout_ms);
/* The same, up to this time, but for a short while at most. */
void clients_poll_until(int64_t until);
/* How many of [from, to) have a connection, whatever its state. */
uint32_t clients_open(uint32_t from, uint32_t to);

void client_open(struct client *client);
void client_send(struct client *client, const void *data, size_t length);
void client_send_frame(struct client *client, enum opcode opcode, const void *payload, size_t length);
void client_set_reading(struct client *client, bool reading);
/* Ends the connection at once: by FIN, or by RST. */
void client_hang_up(struct client *client, bool reset);
/* The connection has ended: `code` says how. */
void client_lost(struct client *client, unsigned code, const char *reason);
