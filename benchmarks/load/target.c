#include "target.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "client.h"
#include "dialect.h"

struct target target;

static const struct dialect *const dialects[] = {&plain, &socketio, &parley};

static const struct dialect *dialect_named(const char *name)
{
    for (size_t i = 0; i < sizeof dialects / sizeof *dialects; i++)
        if (!strcmp(dialects[i]->name, name))
            return dialects[i];
    fail("there is no dialect %s", name);
}

static void resolve(const char *host, const char *port)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found;
    int error = getaddrinfo(host, port, &hints, &found);
    if (error)
        fail("%s:%s: %s", host, port, gai_strerror(error));
    memcpy(&target.address, found->ai_addr, found->ai_addrlen);
    target.address_length = found->ai_addrlen;
    freeaddrinfo(found);
}

static void read_tokens(const char *path)
{
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t capacity = 0;
    ssize_t length;
    if (!file)
        fail("%s: %s", path, strerror(errno));
    while ((length = getline(&line, &capacity, file)) > 0) {
        line[strcspn(line, "\r\n")] = '\0';
        target.tokens = resized(target.tokens, target.token_count + 1, sizeof *target.tokens);
        target.tokens[target.token_count++] = strdup(line);
    }
    free(line);
    fclose(file);
}

void target_set(const char *host, const char *port, const char *path, const char *dialect, const char *tokens)
{
    for (uint32_t i = 0; i < client_limit; i++)
        if (clients[i].fd >= 0)
            fail("client %u is still connected", i);
    for (size_t i = 0; i < target.token_count; i++)
        free(target.tokens[i]);
    target.token_count = 0;
    target.dialect = dialect_named(dialect);
    resolve(host, port);
    snprintf(target.authority, sizeof target.authority, "%s:%s", host, port);
    const char *query = strchr(path, '?') ? "" : target.dialect->query;
    if (snprintf(target.path, sizeof target.path, "%s%s", path, query) >= (int)sizeof target.path)
        fail("the path is too long");
    if (tokens)
        read_tokens(tokens);
}

void target_request(struct client *client, struct bytes *to)
{
    websocket_request(to, target.authority, target.path);
    target.dialect->request(client, to);
    bytes_append(to, "\r\n", 2);
}
