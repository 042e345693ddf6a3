/* The limit of one system call a delivery: a WebSocket server in one thread whose whole work is to send() each text
 * message to each socket. `limit PORT` listens on 127.0.0.1. */
#define _GNU_SOURCE
#include "client.h"
#include "frames.h"
#include "handshake.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CLIENTS = 20000, EVENTS = 256, BACKLOG = 4096 };

static int epoll;
static struct client *clients[CLIENTS];
static int count;
static int failures; /* clients that are to be dropped */

static void accept_client(int listener)
{
    int socket = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket < 0)
        return;
    struct client *client = count < CLIENTS ? calloc(1, sizeof *client) : NULL;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
    if (!client || epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event)) {
        free(client);
        close(socket);
        return;
    }
    client->socket = socket;
    client->index = count;
    clients[count++] = client;
}

static void drop(struct client *client)
{
    clients[client->index] = clients[--count];
    clients[client->index]->index = client->index;
    close(client->socket);
    free(client->waiting_data);
    free(client);
}

static void fail_if(struct client *client, int wrong)
{
    if (wrong && !client->failed) {
        client->failed = 1;
        failures++;
    }
}

static void drop_failed(void)
{
    for (int i = count - 1; failures && i >= 0; i--) {
        if (clients[i]->failed) {
            drop(clients[i]);
            failures--;
        }
    }
}

/* Notes how a send went, and asks to be told of room while something waits. */
static void sent(struct client *client, int well, size_t waited)
{
    fail_if(client, !well);
    if (!client->waiting == !waited)
        return;
    struct epoll_event event = {.events = client->waiting ? EPOLLIN | EPOLLOUT : EPOLLIN, .data.ptr = client};
    epoll_ctl(epoll, EPOLL_CTL_MOD, client->socket, &event);
}

static void send_to(struct client *client, const char *data, size_t length)
{
    size_t waited = client->waiting;
    sent(client, client_send(client, data, length), waited);
}

static void broadcast(const char *frame, size_t length)
{
    for (int i = 0; i < count; i++)
        if (clients[i]->open && !clients[i]->failed)
            send_to(clients[i], frame, length);
}

static void handle(struct client *client, struct frame *frame)
{
    static char out[HEADER_BYTES + INPUT_BYTES];
    int opcode = frame->opcode == PING ? PONG : frame->opcode;
    size_t header = frame_header(opcode, frame->length, out);
    memcpy(out + header, frame->payload, frame->length);
    if (opcode == TEXT)
        broadcast(out, header + frame->length);
    else if (frame->opcode == PING || opcode == CLOSE)
        send_to(client, out, header + frame->length);
    fail_if(client, opcode != TEXT && opcode != PONG); /* one that closes, or sends what is not served here */
}

/* The length of the request head at the start of the input; 0 when it is not all there. */
static size_t shake_hands(struct client *client)
{
    char answer[HANDSHAKE_BYTES];
    client->input[client->read] = '\0';
    const char *end = strstr(client->input, "\r\n\r\n");
    if (!end)
        return 0;
    size_t length = handshake_answer(client->input, answer);
    client->open = 1;
    fail_if(client, !length);
    send_to(client, answer, length);
    return (size_t)(end + 4 - client->input);
}

static void receive(struct client *client)
{
    ssize_t got = recv(client->socket, client->input + client->read, INPUT_BYTES - client->read, 0);
    if (got <= 0) {
        fail_if(client, got == 0 || (errno != EAGAIN && errno != EINTR));
        return;
    }
    client->read += (size_t)got;
    size_t used = client->open ? 0 : shake_hands(client);
    while (client->open && !client->failed) {
        struct frame frame;
        long taken = frame_read(client->input + used, client->read - used, &frame);
        fail_if(client, taken < 0);
        if (taken <= 0)
            break;
        handle(client, &frame);
        used += (size_t)taken;
    }
    client->read -= used;
    memmove(client->input, client->input + used, client->read);
    fail_if(client, client->read == INPUT_BYTES);
}

static int listen_on(uint16_t port)
{
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    /* Accepted sockets inherit it: no message waits for the one before to be acknowledged. */
    setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, BACKLOG)) {
        perror("limit");
        exit(1);
    }
    return listener;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: limit PORT\n");
        return 2;
    }
    int listener = listen_on((uint16_t)atoi(argv[1]));
    epoll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN}, events[EVENTS];
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        int ready = epoll_wait(epoll, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            struct client *client = events[i].data.ptr;
            if (!client) {
                accept_client(listener);
                continue;
            }
            if (events[i].events & EPOLLOUT) {
                size_t waited = client->waiting;
                sent(client, client_flush(client), waited);
            }
            if (events[i].events & ~(uint32_t)EPOLLOUT && !client->failed)
                receive(client);
        }
        /* Only now: an event of this round may name any of them. */
        drop_failed();
    }
}
