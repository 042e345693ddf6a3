"""Database and Redis beneath a server, private to it, and the ids of their first processes."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import redis

from benchmarks.servers import processes
from tests.support import services


@contextmanager
def private_postgresql() -> Iterator[tuple[str, int]]:
    """URL and process id of an empty database, whose commits are on disk when it says so."""
    with services.postgresql(durable=True) as url:
        with psycopg.connect(url) as connection:
            postmaster = processes.parent_of(connection.info.backend_pid)
        yield url, postmaster


@contextmanager
def private_redis() -> Iterator[tuple[str, int]]:
    """URL and process id of an empty Redis."""
    with services.redis() as url:
        with redis.Redis.from_url(url) as client:
            pid = int(client.info("server")["process_id"])
        yield url, pid
