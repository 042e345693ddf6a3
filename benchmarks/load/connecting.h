/* The command `connect`: opens clients, a bounded number at a time, until each is ready. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct client;

struct connecting {
    uint32_t from, to, window;
    bool resume;
    int64_t timeout_ns; /* without anybody becoming ready */
};

void connecting_run(const struct connecting *command);

/* What dialects and clients tell. */
void connecting_ready(struct client *client);
void connecting_failed(struct client *client, const char *reason);
void connecting_replayed(void);
void connecting_reset(void);
