"""The database as one file and back, while others use it: SQLite by its backup API, PostgreSQL by its own programs."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import IO, Any, Final

from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient

from chat.models import Workspace

WORKSPACE: Final = Workspace._meta.db_table
EPOCH: Final = f"UPDATE {WORKSPACE} SET epoch = "  # with a value of hexadecimal digits
WAIT_SECONDS: Final = 20


class Failed(Exception):
    """What the database or its program said."""


def dump(to: Path) -> None:
    """Writes the database as it is at one moment. Nobody waits for it."""
    if connection.vendor == "sqlite":
        with closing(_sqlite()) as source, closing(sqlite3.connect(to)) as target:
            source.backup(target)
    else:
        _run("pg_dump", "--format=custom", "--no-owner", "--no-acl", f"--file={to}")


def load(source: Path, epoch: str) -> None:
    """Puts what was dumped in the place of what is there, and begins `epoch`: both at one moment, or neither."""
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(source)) as prepared:
            prepared.execute(f"{EPOCH}?", [epoch])
            prepared.commit()
            with closing(_sqlite()) as target:
                prepared.backup(target)
        return
    program = [_program("pg_restore"), "--clean", "--if-exists", "--no-owner", "--no-acl", "--file=-", str(source)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as restore:
        assert restore.stdout is not None and restore.stderr is not None
        # The script has emptied the search path, so as to name everything by its schema.
        _psql(restore.stdout, f"RESET search_path;\n{EPOCH}'{epoch}';\n")
        complaint = restore.stderr.read().decode(errors="replace").strip()
    if restore.returncode:
        raise Failed(f"pg_restore: {complaint}")


def _psql(script: IO[bytes], last: str) -> None:
    """Runs the whole script in one transaction."""
    arguments = ("--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null")
    command, environment = _command("psql", *arguments)
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as psql:
        assert psql.stdin is not None and psql.stderr is not None
        try:
            shutil.copyfileobj(script, psql.stdin)
            psql.stdin.write(last.encode())
            psql.stdin.close()
        except BrokenPipeError:
            pass  # it says why
        complaint = psql.stderr.read().decode(errors="replace").strip()
    if psql.returncode:
        raise Failed(f"psql: {complaint}")


def _sqlite() -> sqlite3.Connection:
    return sqlite3.connect(connection.settings_dict["NAME"], timeout=WAIT_SECONDS)


def _run(name: str, *arguments: str) -> None:
    command, environment = _command(name, *arguments)
    done = subprocess.run(command, env=environment, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise Failed(f"{name}: {done.stderr.strip()}")


def _command(name: str, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """The password goes by the environment: everybody on a machine may read the arguments of a program."""
    settings: dict[str, Any] = connection.settings_dict | {"OPTIONS": {}}
    (_, *where), environment = DatabaseClient.settings_to_cmd_args_env(settings, [])
    return [_program(name), *where, *arguments], os.environ | (environment or {})


def _program(name: str) -> str:
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[4]))
    found = str(versions[-1]) if versions else shutil.which(name)
    if found is None:
        raise Failed(f"{name} is not installed: it comes with the client programs of PostgreSQL")
    return found
