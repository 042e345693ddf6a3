/* What one client has of each numbered sequence: every number once, in order, without gaps. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct stream;

struct sequence {
    uint64_t key;
    uint64_t last;
    struct stream *stream; /* NULL: nobody posts there */
};

/* Numbers `first` to `last` did not come before a later one. */
struct hole {
    uint64_t key, first, last;
};

struct order {
    struct sequence *sequences;
    struct hole *holes;
    uint32_t count, hole_count;
};

/* Since the program started. */
extern uint64_t order_duplicates, order_gaps;

struct sequence *order_add(struct order *order, uint64_t key, uint64_t last, struct stream *stream);
void order_clear(struct order *order);
/* Takes a number that is not the next one. True when it is new. */
bool order_take_unexpected(struct order *order, struct sequence *sequence, uint64_t number);
/* Everything up to `number` was to have come by now: what has not is missing. */
void order_skip(struct order *order, struct sequence *sequence, uint64_t number);
/* Numbers passed over that have not come since. */
uint64_t order_missing(const struct order *order);

static inline struct sequence *order_find(const struct order *order, uint64_t key)
{
    for (uint32_t i = 0; i < order->count; i++)
        if (order->sequences[i].key == key)
            return &order->sequences[i];
    return 0;
}

/* True when the number is new; false, and counted, for a duplicate. A gap before it is counted once. */
static inline bool order_take(struct order *order, struct sequence *sequence, uint64_t number)
{
    if (number == sequence->last + 1) {
        sequence->last = number;
        return true;
    }
    return order_take_unexpected(order, sequence, number);
}
