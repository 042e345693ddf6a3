/* The server under load. */
#pragma once

#include <sys/socket.h>

#include "bytes.h"

struct client;
struct dialect;

struct target {
    const struct dialect *dialect; /* NULL until a target is set */
    struct sockaddr_storage address;
    socklen_t address_length;
    char authority[80];
    char path[256];
    char **tokens;
    size_t token_count;
};

extern struct target target;

/* `tokens`: a file with an access token a line, or NULL. Fails when one of these is unusable. */
void target_set(const char *host, const char *port, const char *path, const char *dialect, const char *tokens);
/* The opening request of this client. */
void target_request(struct client *client, struct bytes *to);
