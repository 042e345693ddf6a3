#include "client.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "answer.h"
#include "clock.h"
#include "connecting.h"
#include "posting.h"
#include "receiving.h"
#include "stream.h"
#include "target.h"

#define EVENTS 1024
#define POLL_MS 100
#define FDS_OF_OUR_OWN 16

struct client *clients;
uint32_t client_limit;
int64_t now;
struct tally client_closes;

static int epoll_fd;

void clients_init(void)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    getrlimit(RLIMIT_NOFILE, &limit);
    client_limit = (uint32_t)(limit.rlim_cur < 65536 ? limit.rlim_cur : 65536) - FDS_OF_OUR_OWN;
    clients = calloc(client_limit, sizeof *clients);
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (!clients || epoll_fd < 0)
        fail("no memory");
    for (uint32_t i = 0; i < client_limit; i++)
        clients[i].fd = -1;
    now = clock_ns();
}

int clients_fd(void)
{
    return epoll_fd;
}

static void watch(struct client *client, int operation)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
    if (client->unsent.length)
        event.events |= EPOLLOUT;
    if (epoll_ctl(epoll_fd, operation, client->fd, &event))
        fail("epoll_ctl: %s", strerror(errno));
}

static void flush(struct client *client)
{
    ssize_t sent = send(client->fd, client->unsent.data, client->unsent.length, MSG_NOSIGNAL);
    if (sent < 0) {
        if (errno != EAGAIN)
            client_lost(client, ABNORMAL, strerror(errno));
        return;
    }
    bytes_consume(&client->unsent, (size_t)sent);
    if (!client->unsent.length)
        watch(client, EPOLL_CTL_MOD);
}

void clients_poll(int timeout_ms)
{
    static struct epoll_event events[EVENTS];
    int count = epoll_wait(epoll_fd, events, EVENTS, timeout_ms);
    now = clock_ns();
    for (int i = 0; i < count; i++) {
        struct client *client = events[i].data.ptr;
        if (client->fd >= 0 && events[i].events & EPOLLOUT)
            flush(client);
        if (client->fd >= 0 && events[i].events & ~(uint32_t)EPOLLOUT)
            client_receive(client);
    }
}

void clients_poll_until(int64_t until)
{
    int64_t ms = (until - now) / NS_PER_MS + 1; /* rounded up, not to turn in circles before it */
    clients_poll(ms < 0 ? 0 : ms < POLL_MS ? (int)ms : POLL_MS);
}

uint32_t clients_open(uint32_t from, uint32_t to)
{
    uint32_t open = 0;
    for (uint32_t i = from; i < to; i++)
        open += clients[i].fd >= 0;
    return open;
}

void client_open(struct client *client)
{
    int on = 1;
    client->fd = socket(target.address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (client->fd < 0)
        fail("socket: %s", strerror(errno));
    setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    client->state = UPGRADING;
    client->reading = true;
    client->close_code = 0;
    client->room = NULL;
    client->connected_at = clock_ns();
    target_request(client, &client->unsent);
    if (connect(client->fd, (struct sockaddr *)&target.address, target.address_length) && errno != EINPROGRESS)
        client_lost(client, ABNORMAL, strerror(errno));
    else
        watch(client, EPOLL_CTL_ADD);
}

void client_send(struct client *client, const void *data, size_t length)
{
    if (client->fd < 0)
        return;
    ssize_t sent = 0;
    if (!client->unsent.length) {
        sent = send(client->fd, data, length, MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN) {
            client_lost(client, ABNORMAL, strerror(errno));
            return;
        }
        if (sent == (ssize_t)length)
            return;
        sent = sent < 0 ? 0 : sent;
    }
    bytes_append(&client->unsent, (const char *)data + sent, length - (size_t)sent);
    if (client->reading)
        watch(client, EPOLL_CTL_MOD);
}

void client_send_frame(struct client *client, enum opcode opcode, const void *payload, size_t length)
{
    char *frame = resized(NULL, length + MASKED_HEADER_BYTES_MAX, 1);
    client_send(client, frame, websocket_frame(opcode, payload, length, frame));
    free(frame);
}

void client_set_reading(struct client *client, bool reading)
{
    if (client->fd < 0 || client->reading == reading)
        return;
    client->reading = reading;
    /* Not an empty set of events: a connection that was reset would be told of again and again. */
    watch(client, reading ? EPOLL_CTL_ADD : EPOLL_CTL_DEL);
}

void client_hang_up(struct client *client, bool reset)
{
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    if (client->fd < 0)
        return;
    if (reset)
        setsockopt(client->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(client->fd);
    client->fd = -1;
    client->state = CLOSED;
    bytes_free(&client->partial);
    bytes_free(&client->unsent);
}

void client_lost(struct client *client, unsigned code, const char *reason)
{
    enum client_state before = client->state;
    if (before == READY)
        posting_lost(client, code);
    if (before == READY && client->reading)
        streams_delist(client);
    client_hang_up(client, false);
    if (before == CLOSING)
        return;
    client->close_code = (uint16_t)code;
    if (before == READY)
        tally_add_number(&client_closes, code);
    else
        connecting_failed(client, reason);
}
