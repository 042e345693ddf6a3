"""The database as one file and back, while others use it: SQLite by its backup API, PostgreSQL by its own programs."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient

from chat.models import Workspace

WORKSPACE: Final = Workspace._meta.db_table
EPOCH: Final = f"UPDATE {WORKSPACE} SET epoch = "  # with a value of hexadecimal digits
WAIT_SECONDS: Final = 20
PLAIN: Final = ("--no-owner", "--no-acl")


class Failed(Exception):
    """What the database or its program said."""


def dump(to: Path) -> None:
    """Writes the database as it is at one moment. Nobody waits for it. Raises Failed."""
    if connection.vendor == "sqlite":
        with _failing(), closing(_sqlite()) as source, closing(sqlite3.connect(to)) as target:
            source.backup(target)
    else:
        _ask("pg_dump", "--format=custom", *PLAIN, f"--file={to}")


def load(source: Path, epoch: str) -> None:
    """Puts what was dumped in the place of what is there, and begins `epoch`: both at one moment, or neither.

    Needs room beside `source` for all of it. Raises Failed.
    """
    if connection.vendor == "sqlite":
        with _failing(), closing(sqlite3.connect(source)) as prepared:
            prepared.execute(f"{EPOCH}?", [epoch])
            prepared.commit()
            with closing(_sqlite()) as target:
                prepared.backup(target)
        return
    # As a script first: of a dump that is not whole, psql would be given half, and commit it.
    script = source.with_suffix(".sql")
    _run([_program("pg_restore"), "--clean", "--if-exists", *PLAIN, f"--file={script}", str(source)])
    with script.open("a") as file:
        # The script has emptied the search path, so as to name everything by its schema.
        file.write(f"RESET search_path;\n{EPOCH}'{epoch}';\n")
    _ask("psql", "--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1", f"--file={script}")


@contextmanager
def _failing() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise Failed(f"SQLite: {error}") from None


def _sqlite() -> sqlite3.Connection:
    return sqlite3.connect(connection.settings_dict["NAME"], timeout=WAIT_SECONDS)


def _ask(name: str, *arguments: str) -> None:
    """Runs a program on the database. The password goes by the environment: anybody may read the arguments."""
    (_, *where), environment = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    _run([_program(name), *where, *arguments], environment)


def _run(command: list[str], environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(
        command, env=os.environ | (environment or {}), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    if done.returncode:
        raise Failed(f"{Path(command[0]).name}: {done.stderr.strip()}")


def _program(name: str) -> str:
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[4]))
    found = str(versions[-1]) if versions else shutil.which(name)
    if found is None:
        raise Failed(f"{name} is not installed: it comes with the client programs of PostgreSQL")
    return found
