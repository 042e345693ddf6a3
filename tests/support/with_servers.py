"""`python -m tests.support.with_servers -- COMMAND`: runs it with a PostgreSQL and a Redis of its own.

They are named to the command by DATABASE_URL and REDIS_URL, and stopped when it ends.
"""

import contextlib
import os
import subprocess
import sys

from tests.support import services


def main() -> int:
    command = sys.argv[sys.argv.index("--") + 1 :]
    with contextlib.ExitStack() as stack:
        try:
            urls = {
                "DATABASE_URL": stack.enter_context(services.postgresql()),
                "REDIS_URL": stack.enter_context(services.redis()),
            }
        except services.Missing as reason:
            print(f"SKIPPED the tests on PostgreSQL and Redis: {reason}")
            return 1 if os.environ.get("CI") == "true" else 0
        return subprocess.call(command, env=os.environ | urls)


if __name__ == "__main__":
    sys.exit(main())
