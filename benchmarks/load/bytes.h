/* A buffer that grows. */
#pragma once

#include <stddef.h>

struct bytes {
    char *data;
    size_t length, capacity;
};

void bytes_append(struct bytes *bytes, const void *data, size_t length);
void bytes_print(struct bytes *bytes, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Forgets the first `length` bytes; gives the memory back when none is left. */
void bytes_consume(struct bytes *bytes, size_t length);
void bytes_free(struct bytes *bytes);

/* realloc() for `count` items that ends the program when there is no memory. */
void *resized(void *items, size_t count, size_t size);
