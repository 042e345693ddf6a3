/* The command `post`: who posts when, and what has come of it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "latency.h"
#include "tally.h"

struct client;
struct stream;

#define BODY_BYTES_MIN 40
#define BODY_BYTES_MAX 16000
#define LABEL_BYTES_MAX 40

enum wait {
    WAIT_ALL, /* one post in flight, until every reader has it */
    WAIT_OWN, /* until the poster has its own message, and `ok` where there is one */
    WAIT_OK,
};

struct posting {
    uint32_t from, to; /* the posters */
    enum wait wait;
    uint32_t in_flight; /* to each poster */
    uint64_t posts;
    int64_t duration_ns;
    double rate; /* posts a second altogether, whether answered or not; 0: a closed loop */
    size_t bytes;
    int64_t timeout_ns; /* without a post, an answer, or a delivery */
};

/* What is still to come for the poster. */
#define AWAITS_OK 1
#define AWAITS_OWN 2

struct post {
    int64_t sent_at;
    struct client *poster;
    struct stream *stream;
    uint64_t nth; /* of this poster, from 1 */
    uint8_t awaits;
};

/* The command that runs, or ran last. */
struct posting_run {
    struct posting command;
    bool active, timed_out;
    char mark[16]; /* begins the text of each post: "p<run>-, with the quote before it */
    size_t mark_length;
    struct post *sent;
    uint64_t sent_count, sent_capacity;
    uint32_t next_poster;
    int64_t started_at, first_at, last_at, progress_at;
    uint64_t oks, frame_bytes;
    int64_t deliveries, expected, unanswered;
    struct tally errors, closes;
    struct latency ok, delivery, last;
};

extern struct posting_run posting;

void posting_run(const struct posting *command);
/* Nothing more is to be sent. */
bool posting_over(void);
void posting_send(struct client *poster);

/* What dialects and clients tell ------------------------------------------------------------------- */

/* The post that a frame speaks of: the first that is named in its first bytes. NULL: none of this run. */
struct post *posting_named(const char *text, size_t length);
/* A message has reached this client for the first time, in a frame of this size. */
void posting_delivered(struct client *client, struct post *post, size_t frame_size);
void posting_acknowledged(struct client *client, struct post *post);
void posting_refused(struct client *client, struct post *post, const char *code, size_t length);
/* A client that was ready is gone. */
void posting_lost(struct client *client, unsigned code);
