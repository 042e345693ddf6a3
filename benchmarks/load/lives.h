/* The commands about connections that are there: who reads, who leaves, who was put out. */
#pragma once

void lives_stop_reading(void);
void lives_start_reading(void);
void lives_drop(void);
void lives_wait_closed(void);
