"""Where data is kept: SQLite under PARLEY_DATA, or the PostgreSQL that DATABASE_URL names."""

from pathlib import Path
from typing import Any

import dj_database_url

from project import env

SQLITE_PRAGMAS = ";".join(
    [
        "PRAGMA journal_mode=WAL",
        # FULL: what was acknowledged survives a power cut, not only a crash of the process.
        "PRAGMA synchronous=FULL",
        "PRAGMA cache_size=-32768",  # KiB when negative
        "PRAGMA temp_store=MEMORY",
        "PRAGMA journal_size_limit=67108864",
        "PRAGMA wal_autocheckpoint=4000",
    ]
)

POOL_SECONDS = 2  # who asks while the database is away is told so within this time
RECONNECT_SECONDS = 1  # psycopg's 300 would let an outage last as long again after its end; who asks makes it try anew
# A host that vanishes without a word is noticed, not waited for: libpq would do so for a quarter of an hour.
NETWORK = {"connect_timeout": 5, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
NETWORK["tcp_user_timeout"] = 20_000  # milliseconds


def database(data: Path) -> dict[str, Any]:
    """The value of DATABASES["default"]."""
    url = env.url("DATABASE_URL", ("postgres", "postgresql"), "postgresql://parley:secret@127.0.0.1:5432/parley")
    return postgresql(url) if url else sqlite(data / "parley.sqlite3")


def sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        # Requests are answered by a few threads that stay (project.handler), and so do their connections.
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # A transaction that begins by reading and then writes cannot wait for the lock: it fails at once.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": SQLITE_PRAGMAS,
        },
    }


def postgresql(url: str) -> dict[str, Any]:
    settings: dict[str, Any] = dict(dj_database_url.parse(url))
    # Under ASGI a kept connection belongs to a thread that may never come back: the pool keeps them instead.
    settings["CONN_MAX_AGE"] = 0
    # A connection that died in the pool is found before it is used, not by whoever gets it.
    settings["CONN_HEALTH_CHECKS"] = True
    options = settings.setdefault("OPTIONS", {})
    options["pool"] = {"min_size": 2, "max_size": 16, "timeout": POOL_SECONDS, "reconnect_timeout": RECONNECT_SECONDS}
    for name, value in NETWORK.items():
        options.setdefault(name, value)
    return settings
