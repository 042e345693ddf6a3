/* Rooms: where posts go, and how many clients must get them. */
#pragma once

#include <stdint.h>

struct client;

struct stream {
    uint64_t key;
    uint32_t readers; /* clients that are ready and read */
    int64_t posts;    /* of this run, without those that were refused */
};

/* The one of all clients, where the server knows no rooms. */
extern struct stream everybody;

/* Finds or makes the stream. */
struct stream *stream_of(uint64_t key);
void streams_forget_posts(void);
/* The client begins, or ceases, to be among the readers of its streams. */
void streams_enlist(struct client *client);
void streams_delist(struct client *client);
