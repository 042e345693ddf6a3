"""What a shell starts in the background ignores Ctrl-C, and so would every program that tests start, and interrupt."""

import signal


def hear() -> None:
    """From here on this process, and what it starts, hears interrupts however it was started itself."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
