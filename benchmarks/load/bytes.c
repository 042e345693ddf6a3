#include "bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"

void *resized(void *items, size_t count, size_t size)
{
    void *moved = reallocarray(items, count, size);
    if (!moved)
        fail("no memory for %zu items of %zu bytes", count, size);
    return moved;
}

void bytes_append(struct bytes *bytes, const void *data, size_t length)
{
    if (!length)
        return;
    if (bytes->length + length > bytes->capacity) {
        bytes->capacity = bytes->length + length;
        bytes->data = resized(bytes->data, bytes->capacity, 1);
    }
    memcpy(bytes->data + bytes->length, data, length);
    bytes->length += length;
}

void bytes_print(struct bytes *bytes, const char *format, ...)
{
    char *text;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (length < 0)
        fail("no memory");
    bytes_append(bytes, text, (size_t)length);
    free(text);
}

void bytes_consume(struct bytes *bytes, size_t length)
{
    bytes->length -= length;
    if (bytes->length)
        memmove(bytes->data, bytes->data + length, bytes->length);
    else
        bytes_free(bytes);
}

void bytes_free(struct bytes *bytes)
{
    free(bytes->data);
    *bytes = (struct bytes){0};
}
