#include "order.h"

#include <stdlib.h>

#include "bytes.h"

uint64_t order_duplicates, order_gaps;

struct sequence *order_add(struct order *order, uint64_t key, uint64_t last, struct stream *stream)
{
    order->sequences = resized(order->sequences, order->count + 1, sizeof *order->sequences);
    struct sequence *sequence = &order->sequences[order->count++];
    *sequence = (struct sequence){.key = key, .last = last, .stream = stream};
    return sequence;
}

void order_clear(struct order *order)
{
    free(order->sequences);
    free(order->holes);
    *order = (struct order){0};
}

static void add_hole(struct order *order, uint64_t key, uint64_t first, uint64_t last)
{
    if (first > last)
        return;
    order->holes = resized(order->holes, order->hole_count + 1, sizeof *order->holes);
    order->holes[order->hole_count++] = (struct hole){.key = key, .first = first, .last = last};
}

static bool fill_hole(struct order *order, uint64_t key, uint64_t number)
{
    for (uint32_t i = 0; i < order->hole_count; i++) {
        struct hole hole = order->holes[i];
        if (hole.key == key && hole.first <= number && number <= hole.last) {
            order->holes[i] = order->holes[--order->hole_count];
            add_hole(order, key, hole.first, number - 1);
            add_hole(order, key, number + 1, hole.last);
            return true;
        }
    }
    return false;
}

bool order_take_unexpected(struct order *order, struct sequence *sequence, uint64_t number)
{
    if (number > sequence->last) {
        add_hole(order, sequence->key, sequence->last + 1, number - 1);
        sequence->last = number;
        order_gaps++;
        return true;
    }
    if (fill_hole(order, sequence->key, number))
        return true;
    order_duplicates++;
    return false;
}

void order_skip(struct order *order, struct sequence *sequence, uint64_t number)
{
    add_hole(order, sequence->key, sequence->last + 1, number);
    sequence->last = number;
}

uint64_t order_missing(const struct order *order)
{
    uint64_t missing = 0;
    for (uint32_t i = 0; i < order->hole_count; i++)
        missing += order->holes[i].last - order->holes[i].first + 1;
    return missing;
}
