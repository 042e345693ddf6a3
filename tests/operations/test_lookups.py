"""What posting looks up is found by both columns of an index: however much one person wrote, however big the room."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chat.operations import lookups

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("ask", "columns"),
    [
        (lambda: lookups.places({(1, 2), (3, 4)}), ("room_id", "user_id")),
        (lambda: lookups.members({(1, 2), (3, 4)}), ("room_id", "user_id")),
        (lambda: lookups.known_posts({(1, uuid.uuid4()), (2, uuid.uuid4())}), ("sender_id", "client_id")),
    ],
    ids=["places", "members", "known posts"],
)
def test_pairs_are_found_by_both_columns(ask: Callable[[], Any], columns: tuple[str, str]) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL chooses by its statistics; the trap is SQLite's")
    with CaptureQueriesContext(connection) as queries:
        ask()
    (query,) = queries
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
        steps = [row[3] for row in cursor.fetchall()]
    assert any(f"({columns[0]}=? AND {columns[1]}=?)" in step for step in steps), steps
