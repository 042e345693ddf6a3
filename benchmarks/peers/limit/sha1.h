#ifndef SHA1_H
#define SHA1_H

#include <stddef.h>
#include <stdint.h>

enum { SHA1_BYTES = 20, SHA1_INPUT_BYTES = 119 };

/* SHA-1 (RFC 3174) of at most SHA1_INPUT_BYTES, which is all that a handshake needs. */
void sha1(const uint8_t *data, size_t length, uint8_t digest[SHA1_BYTES]);

#endif
