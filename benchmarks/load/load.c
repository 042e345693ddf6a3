/* The load generator: reads commands, one a line, and answers each with one JSON object on one line. */
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "answer.h"
#include "client.h"
#include "commands.h"

/* Sockets are served while no command runs too: servers cut those that do not answer pings. */
static void wait_for_command(void)
{
    struct pollfd watched[] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = clients_fd(), .events = POLLIN}};
    while (!watched[0].revents) {
        poll(watched, 2, -1);
        if (watched[1].revents)
            clients_poll(0);
    }
}

int main(void)
{
    char line[4096];
    /* poll() sees no line that stdio holds already. */
    setvbuf(stdin, NULL, _IONBF, 0);
    clients_init();
    for (;;) {
        wait_for_command();
        if (!fgets(line, sizeof line, stdin))
            return 0;
        command_run(line);
    }
}
