#include "client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* How much of it the kernel took, -1 when the client is gone. */
static ssize_t try_send(struct client *client, const void *data, size_t length)
{
    ssize_t sent = send(client->socket, data, length, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && (errno == EAGAIN || errno == EINTR))
        return 0;
    return sent;
}

static int keep(struct client *client, const char *data, size_t length)
{
    if (client->waiting + length > WAITING_BYTES)
        return 0;
    if (client->waiting + length > client->waiting_room) {
        size_t room = client->waiting_room ? client->waiting_room * 2 : 4096;
        while (room < client->waiting + length)
            room *= 2;
        char *grown = realloc(client->waiting_data, room);
        if (!grown)
            return 0;
        client->waiting_data = grown;
        client->waiting_room = room;
    }
    memcpy(client->waiting_data + client->waiting, data, length);
    client->waiting += length;
    return 1;
}

int client_send(struct client *client, const void *data, size_t length)
{
    ssize_t sent = 0;
    if (!client->waiting) {
        sent = try_send(client, data, length);
        if (sent < 0)
            return 0;
    }
    return (size_t)sent == length || keep(client, (const char *)data + sent, length - (size_t)sent);
}

int client_flush(struct client *client)
{
    if (!client->waiting)
        return 1;
    ssize_t sent = try_send(client, client->waiting_data, client->waiting);
    if (sent < 0)
        return 0;
    client->waiting -= (size_t)sent;
    memmove(client->waiting_data, client->waiting_data + sent, client->waiting);
    return 1;
}
