/* Frames of RFC 6455, section 5.2: whole ones, as this server's clients send them. */
#ifndef FRAMES_H
#define FRAMES_H

#include <stddef.h>

enum { TEXT = 0x1, CLOSE = 0x8, PING = 0x9, PONG = 0xA, HEADER_BYTES = 4 };

struct frame {
    int opcode;
    char *payload; /* unmasked, within the bytes that were read */
    size_t length;
};

/* Reads the frame at the start of `data` and unmasks it in place. Returns how many bytes it took, 0 when it is not
 * all there, -1 when it is none that this server takes: unmasked, fragmented, or longer than 64 KiB. */
long frame_read(char *data, size_t available, struct frame *frame);

/* Writes the header of a server's frame into `header` (HEADER_BYTES of room); returns its length. */
size_t frame_header(int opcode, size_t length, char *header);

#endif
