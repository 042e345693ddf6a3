/* The `key=value` pairs of a command. Whatever is unusable ends the program. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Reads what follows the command's name. `known`: the keys that it takes, separated by spaces. */
void arguments_read(const char *known);
bool argument_given(const char *key);
const char *argument_text(const char *key, const char *otherwise);
/* NAN as `otherwise`: the argument must be given. */
double argument_number(const char *key, double otherwise, double least, double most);
int64_t argument_ns(const char *key, double otherwise_seconds);
/* The clients [from, to). */
void arguments_range(uint32_t *from, uint32_t *to);
