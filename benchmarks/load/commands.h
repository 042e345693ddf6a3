/* The commands, one a line: `name key=value …`. */
#pragma once

/* Runs it and answers; an unusable one ends the program. */
void command_run(char *line);
