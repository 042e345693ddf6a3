"""What ends a command, with its exit code."""

from __future__ import annotations

REFUSED = 1
USAGE = 2
UNREACHABLE = 3


class Problem(Exception):
    """One line for the person, and the exit code."""

    def __init__(self, text: str, exit_code: int = REFUSED) -> None:
        super().__init__(text)
        self.exit_code = exit_code
