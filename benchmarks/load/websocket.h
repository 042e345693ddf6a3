/* RFC 6455 from the client's side, without I/O. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bytes.h"

enum opcode { CONTINUATION = 0, TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10 };

#define MASKED_HEADER_BYTES_MAX 14

struct frame {
    uint8_t opcode;
    bool final, masked;
    const char *payload;
    size_t length; /* of the payload */
    size_t size;   /* on the wire, with header */
};

/* Writes a final, masked frame (section 5.2) to `to`, which has room for the header; returns its size. */
size_t websocket_frame(enum opcode opcode, const void *payload, size_t length, char *to);

/* The opening request (section 4.1) up to the headers of the dialect. */
void websocket_request(struct bytes *to, const char *authority, const char *path);
/* Size of the response's head, 0 while it is incomplete. `status` is 101 only when the accept header is right. */
size_t websocket_response(const char *data, size_t length, unsigned *status);

uint32_t random_bits(void);

/* Reads the frame at `data` (section 5.2). False while it is incomplete. */
static inline bool websocket_parse(const char *data, size_t length, struct frame *frame)
{
    const uint8_t *bytes = (const uint8_t *)data;
    if (length < 2)
        return false;
    size_t header = 2, payload = bytes[1] & 0x7f;
    if (payload >= 126) {
        size_t digits = payload == 126 ? 2 : 8;
        header += digits;
        if (length < header)
            return false;
        payload = 0;
        for (size_t i = 2; i < header; i++)
            payload = payload << 8 | bytes[i];
    }
    frame->opcode = bytes[0] & 0x0f;
    frame->final = bytes[0] & 0x80;
    frame->masked = bytes[1] & 0x80;
    frame->payload = data + header;
    frame->length = payload;
    frame->size = header + payload;
    return payload <= length - header;
}
