/* What a server speaks inside its text frames. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "client.h"

#define ROOM_FOR_POST 512 /* what surrounds the body of a post, in bytes at most */

struct dialect {
    const char *name;
    const char *query;  /* of the endpoint's path, when it has none */
    bool acknowledges;  /* posts are answered by `ok` */
    bool counts_events; /* the server numbers what it delivers */
    /* Adds this dialect's headers to the opening request. */
    void (*request)(struct client *client, struct bytes *to);
    void (*opened)(struct client *client);
    void (*text)(struct client *client, const struct frame *frame);
    /* Writes a post whose text begins with `label`, `bytes` long; returns the size of the whole. */
    size_t (*post)(struct client *client, const char *label, size_t bytes, char *to);
};

extern const struct dialect plain, socketio, parley;
