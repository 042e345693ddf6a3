/* Reading JSON by searching it: keys may be added to what is read, but not reordered. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define KEY_WITHIN_BYTES 512

/* What of a frame is still to be read. */
struct text {
    const char *at, *end;
};

/* Moves behind the next `key`, which mostly stands right here. */
static inline bool text_skip(struct text *text, const char *key, size_t length)
{
    size_t left = (size_t)(text->end - text->at);
    if (left < length || memcmp(text->at, key, length)) {
        const char *found = memmem(text->at, left < KEY_WITHIN_BYTES ? left : KEY_WITHIN_BYTES, key, length);
        if (!found)
            return false;
        text->at = found;
    }
    text->at += length;
    return true;
}

static inline bool text_begins(const struct text *text, const char *word, size_t length)
{
    return (size_t)(text->end - text->at) >= length && !memcmp(text->at, word, length);
}

#define SKIP(text, key) text_skip(text, key, sizeof key - 1)
#define BEGINS(text, word) text_begins(text, word, sizeof word - 1)

/* Reads a number and moves behind it. */
static inline uint64_t text_number(struct text *text)
{
    uint64_t number = 0;
    for (; text->at < text->end && *text->at >= '0' && *text->at <= '9'; text->at++)
        number = number * 10 + (uint64_t)(*text->at - '0');
    return number;
}

/* The length of the string whose first character is next. */
static inline size_t text_string(const struct text *text)
{
    const char *quote = memchr(text->at, '"', (size_t)(text->end - text->at));
    return quote ? (size_t)(quote - text->at) : 0;
}
