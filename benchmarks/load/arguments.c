#include "arguments.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "client.h"
#include "clock.h"

#define ARGUMENTS_MAX 16
#define SEPARATORS " \t\r\n"
#define SECONDS_MAX 1e6

static struct {
    const char *key, *value;
} arguments[ARGUMENTS_MAX];
static unsigned argument_count;

static bool is_known(const char *known, const char *key)
{
    size_t length = strlen(key);
    for (const char *at = known; (at = strstr(at, key)); at += length)
        if ((at == known || at[-1] == ' ') && (at[length] == ' ' || !at[length]))
            return true;
    return false;
}

void arguments_read(const char *known)
{
    char *word;
    argument_count = 0;
    while ((word = strtok(NULL, SEPARATORS))) {
        char *equals = strchr(word, '=');
        if (!equals || argument_count == ARGUMENTS_MAX)
            fail("%s is no key=value, or one too many", word);
        *equals = '\0';
        if (!is_known(known, word))
            fail("%s is none of: %s", word, known);
        arguments[argument_count].key = word;
        arguments[argument_count++].value = equals + 1;
    }
}

static const char *find(const char *key)
{
    for (unsigned i = 0; i < argument_count; i++)
        if (!strcmp(arguments[i].key, key))
            return arguments[i].value;
    return NULL;
}

bool argument_given(const char *key)
{
    return find(key);
}

const char *argument_text(const char *key, const char *otherwise)
{
    const char *value = find(key);
    return value ? value : otherwise;
}

double argument_number(const char *key, double otherwise, double least, double most)
{
    const char *value = find(key);
    char *end;
    if (!value && isnan(otherwise))
        fail("%s is missing", key);
    if (!value)
        return otherwise;
    double number = strtod(value, &end);
    if (end == value || *end || !(number >= least && number <= most))
        fail("%s=%s: it takes a number from %g to %g", key, value, least, most);
    return number;
}

int64_t argument_ns(const char *key, double otherwise_seconds)
{
    return (int64_t)(argument_number(key, otherwise_seconds, 0, SECONDS_MAX) * NS_PER_SECOND);
}

void arguments_range(uint32_t *from, uint32_t *to)
{
    *from = (uint32_t)argument_number("from", NAN, 0, client_limit);
    *to = (uint32_t)argument_number("to", NAN, *from, client_limit);
}
