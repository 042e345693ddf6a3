"""What real servers of a test run share: static files and an empty, migrated database, made once and copied."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

TEMPLATE = "parley_template"  # the name of the migrated database on PostgreSQL
ROOT = Path(__file__).resolve().parents[2]


def shared() -> Path:
    """One folder for all workers of a run (see tests/settings.py)."""
    return Path(os.environ["PARLEY_TEST_DATA"])


def environment(**changes: str) -> dict[str, str]:
    """Production's settings, whatever pytest's own are; the stores of the run unless `changes` name others."""
    mine = {"DJANGO_SETTINGS_MODULE", "PARLEY_DATA", "HOST", "PORT", "DEBUG", "WORKERS", "SECRET_KEY"}
    return {name: value for name, value in os.environ.items() if name not in mine} | changes


def manage(*command: str, env: dict[str, str]) -> str:
    """Runs manage.py; returns what it printed, raises CalledProcessError when it failed."""
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, command, output=done.stdout) from RuntimeError(done.stdout)
    return done.stdout


@contextlib.contextmanager
def once(name: str) -> Iterator[bool]:
    """True for the first of all processes that come here; the others wait until it is done, or fail as it failed."""
    done, failed = shared() / f"{name}.done", shared() / f"{name}.failed"
    with (shared() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if failed.exists():
            raise RuntimeError(failed.read_text())
        try:
            yield not done.exists()
        except BaseException as error:
            failed.write_text(f"{name} could not be made: {error.__cause__ or error}")
            raise
        done.touch()


@cache
def template() -> Path:
    """A PARLEY_DATA with collected static files and, on SQLite, a migrated database. Returns its folder."""
    data = shared() / "template"
    with once("template") as first:
        if first:
            data.mkdir()
            env = environment(PARLEY_DATA=str(data))
            manage("collectstatic", "--noinput", "-v0", env=env)
            if "DATABASE_URL" in env:
                create_database(TEMPLATE)
                env["DATABASE_URL"] = with_database(env["DATABASE_URL"], TEMPLATE)
            manage("migrate", "-v0", env=env)
    return data


def furnish(data: Path) -> dict[str, str]:
    """Makes `data` the folder of a new, empty Parley. Returns the environment of its processes."""
    data.mkdir(parents=True, exist_ok=True)
    source = template()
    (data / "static").symlink_to(source / "static")
    env = environment(PARLEY_DATA=str(data))
    if "DATABASE_URL" in env:
        name = f"parley_{uuid.uuid4().hex}"
        create_database(name, template=TEMPLATE)
        env["DATABASE_URL"] = with_database(env["DATABASE_URL"], name)
    else:
        # Nobody has it open: with the last connection SQLite moved its write-ahead log into the file.
        shutil.copy(source / "parley.sqlite3", data / "parley.sqlite3")
    if "REDIS_URL" in env:
        env["REDIS_URL"] = own_redis(env["REDIS_URL"])
    return env


def create_database(name: str, template: str = "template1") -> None:
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def with_database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def own_redis(url: str) -> str:
    """The same Redis, but a database number that nobody else of this run has."""
    import redis

    with redis.Redis.from_url(with_database(url, "0")) as client:
        return with_database(url, str(client.incr("parley-tests:databases") + 100))
