"""What a server's database holds, read beside it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg

from tests.support.server import Parley


def stored_events(parley: Parley, stream_id: str) -> list[dict[str, Any]]:
    """The events of one stream as they are stored, in order."""
    query = "SELECT payload FROM chat_event WHERE stream_id = {} ORDER BY seq"
    if "DATABASE_URL" in parley.env:
        with psycopg.connect(parley.env["DATABASE_URL"]) as connection:
            rows = connection.execute(query.format("%s"), [int(stream_id)]).fetchall()
    else:
        path = Path(parley.env["PARLEY_DATA"]) / "parley.sqlite3"
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            rows = connection.execute(query.format("?"), [int(stream_id)]).fetchall()
    return [json.loads(payload) for (payload,) in rows]
