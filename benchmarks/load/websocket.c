#include "websocket.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "answer.h"

/* The nonce of section 1.3 and what it must be answered by. */
#define KEY "dGhlIHNhbXBsZSBub25jZQ=="
#define ACCEPT "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

uint32_t random_bits(void)
{
    static uint64_t state;
    while (!state)
        if (getrandom(&state, sizeof state, 0) != sizeof state)
            fail("no random numbers");
    /* xorshift64*: unpredictable to no attacker, but different each time, and cheap */
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (uint32_t)((state * 0x2545f4914f6cdd1dull) >> 32);
}

size_t websocket_frame(enum opcode opcode, const void *payload, size_t length, char *to)
{
    size_t header = 2, digits = length < 126 ? 0 : length < 65536 ? 2 : 8;
    to[0] = (char)(0x80 | opcode);
    to[1] = (char)(0x80 | (digits == 0 ? length : digits == 2 ? 126 : 127));
    for (size_t i = digits; i-- > 0;)
        to[header++] = (char)(length >> (8 * i));
    uint32_t key = random_bits();
    char mask[4];
    memcpy(mask, &key, sizeof mask);
    memcpy(to + header, mask, sizeof mask);
    header += sizeof mask;
    for (size_t i = 0; i < length; i++)
        to[header + i] = ((const char *)payload)[i] ^ mask[i & 3];
    return header + length;
}

void websocket_request(struct bytes *to, const char *authority, const char *path)
{
    bytes_print(to,
                "GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " KEY "\r\n",
                path, authority);
}

size_t websocket_response(const char *data, size_t length, unsigned *status)
{
    const char *end = memmem(data, length, "\r\n\r\n", 4);
    if (!end)
        return 0;
    size_t head = (size_t)(end - data) + 4;
    *status = 0;
    if (head > sizeof "HTTP/1.1 200" && !memcmp(data, "HTTP/1.1 ", 9))
        for (const char *digit = data + 9; digit < data + 12; digit++)
            *status = *status * 10 + (unsigned)(*digit - '0');
    if (*status == 101 && !memmem(data, head, ACCEPT, sizeof ACCEPT - 1))
        *status = 0;
    return head;
}
