#define _GNU_SOURCE
#include "handshake.h"

#include "sha1.h"

#include <stdio.h>
#include <string.h>

static const char GUID[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
enum { KEY_CHARACTERS = 24, ACCEPT_CHARACTERS = 28 };

static void base64(const uint8_t digest[SHA1_BYTES], char text[ACCEPT_CHARACTERS + 1])
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char *out = text;
    for (int i = 0; i < SHA1_BYTES; i += 3) {
        int third = i + 2 < SHA1_BYTES; /* 20 bytes leave two for the last group */
        uint32_t bits = (uint32_t)digest[i] << 16 | (uint32_t)digest[i + 1] << 8 | (third ? digest[i + 2] : 0);
        *out++ = digits[bits >> 18];
        *out++ = digits[bits >> 12 & 63];
        *out++ = digits[bits >> 6 & 63];
        *out++ = third ? digits[bits & 63] : '=';
    }
    *out = '\0';
}

size_t handshake_answer(const char *request, char *answer)
{
    const char *key = strcasestr(request, "\r\nSec-WebSocket-Key:");
    if (!key)
        return 0;
    key += strlen("\r\nSec-WebSocket-Key:");
    key += strspn(key, " \t");
    if (strcspn(key, " \t\r\n") != KEY_CHARACTERS)
        return 0;

    uint8_t input[KEY_CHARACTERS + sizeof GUID - 1], digest[SHA1_BYTES];
    char accept[ACCEPT_CHARACTERS + 1];
    memcpy(input, key, KEY_CHARACTERS);
    memcpy(input + KEY_CHARACTERS, GUID, sizeof GUID - 1);
    sha1(input, sizeof input, digest);
    base64(digest, accept);
    return (size_t)snprintf(answer, HANDSHAKE_BYTES,
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
        accept);
}
