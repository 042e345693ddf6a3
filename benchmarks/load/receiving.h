/* From bytes to messages: whole frames are read where they lie, only the beginning of one is kept. */
#pragma once

#include "client.h"

void client_receive(struct client *client);
