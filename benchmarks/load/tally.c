#include "tally.h"

#include <stdio.h>
#include <string.h>

#include "answer.h"

void tally_add(struct tally *tally, const char *name, size_t length)
{
    for (unsigned i = 0; i < TALLY_NAMES; i++) {
        char *known = tally->entries[i].name;
        size_t size = sizeof tally->entries[i].name - 1;
        size_t kept = length < size ? length : size;
        if (!tally->entries[i].count)
            memcpy(known, name, kept);
        if (strlen(known) == kept && !memcmp(known, name, kept)) {
            tally->entries[i].count++;
            return;
        }
    }
    fail("more than %d different reasons, the last: %.*s", TALLY_NAMES, (int)length, name);
}

void tally_add_number(struct tally *tally, unsigned name)
{
    char digits[12];
    tally_add(tally, digits, (size_t)snprintf(digits, sizeof digits, "%u", name));
}
