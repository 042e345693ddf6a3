"""Parley as a server under test: `manage.py serve` on data of its own."""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from benchmarks.servers.running import HOST, Running
from benchmarks.servers.stores import private_postgresql, private_redis
from tests.support import services

ROOT: Final = Path(__file__).resolve().parents[2]
_READY: Final = re.compile(r"^Parley is ready at http://\S+:(\d+)$", re.MULTILINE)
# What the shell that runs the benchmarks may hold, and a server under test must not heed.
_FOREIGN: Final = {"DJANGO_SETTINGS_MODULE", "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DEBUG"}


@contextmanager
def parley(
    store: str = "sqlite",
    workers: int = 1,
    redis: bool = False,
    seed: Sequence[tuple[str, int]] = (),
    env: Mapping[str, str] | None = None,
) -> Iterator[Running]:
    """A Parley that holds the rooms of `seed`, as (slug, members); more than one worker come with a `redis` anyway.

    Line i of its token file, from 0, is of a member of room i % number of rooms: they have as many members each.
    """
    if store not in ("sqlite", "postgresql"):
        raise ValueError(f"store is sqlite or postgresql, not {store!r}")
    with ExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="parley-bench-", dir=services.DISK)))
        variables = environment(data, workers)
        stores = []
        if store == "postgresql":
            variables["DATABASE_URL"], pid = stack.enter_context(private_postgresql())
            stores.append(pid)
        if redis or workers > 1:
            variables["REDIS_URL"], pid = stack.enter_context(private_redis())
            stores.append(pid)
        variables |= env or {}
        tokens = data / "tokens"
        _furnish(tokens, seed, variables)
        log = data / "log"
        command = [sys.executable, str(ROOT / "manage.py"), "serve"]
        pid = stack.enter_context(
            services.running(command, log, lambda: _READY.search(log.read_text()) is not None, env=variables)
        )
        ready = _READY.search(log.read_text())
        assert ready is not None
        yield Running(
            name="parley",
            dialect="parley",
            port=int(ready[1]),
            path="/ws/",
            own=(pid,),
            stores=tuple(stores),
            tokens=tokens,
        )


def environment(data: Path, workers: int = 1) -> dict[str, str]:
    """That of a Parley which keeps its data in the folder `data`, and sets no limit to posts and requests."""
    inherited = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
    return inherited | {
        "PARLEY_DATA": str(data),
        "HOST": HOST,
        "PORT": "0",
        "WORKERS": str(workers),
        "POSTS_PER_10S": "1000000",
        "API_THROTTLE": "off",
    }


def _furnish(tokens: Path, seed: Sequence[tuple[str, int]], variables: dict[str, str]) -> None:
    command = [sys.executable, "-m", "benchmarks.servers.furnish", str(tokens), json.dumps(seed)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"Parley could not be furnished:\n{done.stdout}")
