#include "frames.h"

#include <stdint.h>

enum { FIN = 0x80, MASKED = 0x80, SHORT_LENGTH = 125, LENGTH_IN_16_BITS = 126, MASK_BYTES = 4 };

long frame_read(char *data, size_t available, struct frame *frame)
{
    const uint8_t *bytes = (const uint8_t *)data;
    if (available < 2)
        return 0;
    frame->opcode = bytes[0] & ~FIN;
    frame->length = bytes[1] & ~MASKED;
    if (!(bytes[0] & FIN) || !(bytes[1] & MASKED) || frame->length > LENGTH_IN_16_BITS)
        return -1;
    size_t at = 2;
    if (frame->length == LENGTH_IN_16_BITS) {
        if (available < 4)
            return 0;
        frame->length = (size_t)bytes[2] << 8 | bytes[3];
        at = 4;
    }
    const uint8_t *mask = bytes + at;
    at += MASK_BYTES;
    if (available < at + frame->length)
        return 0;
    frame->payload = data + at;
    for (size_t i = 0; i < frame->length; i++)
        frame->payload[i] ^= (char)mask[i % MASK_BYTES];
    return (long)(at + frame->length);
}

size_t frame_header(int opcode, size_t length, char *header)
{
    header[0] = (char)(FIN | opcode);
    if (length <= SHORT_LENGTH) {
        header[1] = (char)length;
        return 2;
    }
    header[1] = LENGTH_IN_16_BITS;
    header[2] = (char)(length >> 8);
    header[3] = (char)length;
    return 4;
}
