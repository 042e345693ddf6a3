/* Counts by name: errors by code, ends by close code. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define TALLY_NAMES 24

struct tally {
    struct {
        char name[24];
        uint64_t count;
    } entries[TALLY_NAMES];
};

void tally_add(struct tally *tally, const char *name, size_t length);
void tally_add_number(struct tally *tally, unsigned name);
