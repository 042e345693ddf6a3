/* One socket: what came and is not a whole frame yet, what is to go and found no room. */
#ifndef CLIENT_H
#define CLIENT_H

#include <stddef.h>
#include <stdint.h>

enum { INPUT_BYTES = 64 * 1024, WAITING_BYTES = 1024 * 1024 };

struct client {
    int socket;
    int index; /* among all clients */
    int open; /* the handshake is done */
    int failed; /* to be dropped when nothing uses it any more */
    size_t read;
    size_t waiting, waiting_room;
    char *waiting_data;
    char input[INPUT_BYTES + 1];
};

/* Sends now what the kernel takes, and keeps the rest for `client_flush`. Returns 0 when the client has failed:
 * it is gone, or WAITING_BYTES behind. */
int client_send(struct client *client, const void *data, size_t length);

/* Sends what waits. Returns 0 when the client has failed. */
int client_flush(struct client *client);

#endif
