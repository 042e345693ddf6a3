/* The opening handshake of a WebSocket server (RFC 6455, section 4.2.2). */
#ifndef HANDSHAKE_H
#define HANDSHAKE_H

#include <stddef.h>

enum { HANDSHAKE_BYTES = 160 };

/* Writes the answer to a complete request head, which ends in a NUL, into `answer` (HANDSHAKE_BYTES of room).
 * Returns its length, 0 when the request has no Sec-WebSocket-Key. */
size_t handshake_answer(const char *request, char *answer);

#endif
