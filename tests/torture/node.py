"""A node with what only tests may do to it: `python -m tests.torture.node`, then as `manage.py serve`.

PARLEY_TORTURE names a folder: a file in it named after a hook makes the next transaction meet it, once. PARLEY_PLANTED
names a bug to run with, so that the checker can show that it finds it.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django


def fire(hook: str) -> bool:
    """Whether the hook was armed; it is not any more. Of several nodes one gets it."""
    try:
        (Path(os.environ["PARLEY_TORTURE"]) / hook).unlink()
    except OSError:
        return False
    return True


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60)


def hook_up() -> None:
    """Crashes at the two moments that matter: before a commit, and between it and the telling."""
    from chat.streams import log, publishing

    publish, write = publishing.publish, log.Additions.write

    def publish_or_crash(messages: Any) -> None:
        if fire("crash-after-commit"):
            die()
        publish(messages)

    def write_or_crash(self: Any) -> None:
        write(self)
        if fire("crash-before-commit"):
            die()

    publishing.publish = publish_or_crash
    log.Additions.write = write_or_crash  # type: ignore[method-assign]


# Bugs that somebody might make ----------------------------------------------------------------------


def publish_before_commit() -> None:
    """Members hear of what a failing transaction takes back."""
    from django.db import transaction

    from chat.operations import posting
    from chat.streams import log

    write, commit = log.Additions.write, posting._commit

    def write_and_tell(self: Any) -> None:
        on_commit = transaction.on_commit
        transaction.on_commit = lambda function: function()  # type: ignore[assignment]
        try:
            write(self)
        finally:
            transaction.on_commit = on_commit

    count = 0

    def commit_or_fail(drafts: Any, **options: Any) -> Any:
        nonlocal count
        count += 1
        if count % 20 == 0:  # as a lost connection would
            with transaction.atomic():
                commit(drafts, **options)
                raise django.db.OperationalError("taken back")
        return commit(drafts, **options)

    log.Additions.write = write_and_tell  # type: ignore[method-assign]
    posting._commit = commit_or_fail


def database_sequence() -> None:
    """Numbers come from a database sequence, so that a later one may be seen first."""
    from django.db import connection

    from chat.streams import log

    def unlocked(ids: list[int], *_: Any) -> list[Any]:
        with connection.cursor() as cursor:
            for stream_id in ids:
                cursor.execute(f"CREATE SEQUENCE IF NOT EXISTS planted_{stream_id}")
                cursor.execute(
                    f"SELECT setval('planted_{stream_id}', head + 1, false) FROM chat_stream "
                    f"WHERE id = %s AND NOT (SELECT is_called FROM planted_{stream_id})",
                    [stream_id],
                )
            cursor.execute("SELECT id, kind, head FROM chat_stream WHERE id = ANY(%s) ORDER BY id", [ids])
            return list(cursor.fetchall())

    add = log.Additions.add

    def add_from_sequence(self: Any, stream_id: int, *args: Any, **kwargs: Any) -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT nextval('planted_{stream_id}')")
            self._heads[stream_id] = cursor.fetchone()[0] - 1
        return add(self, stream_id, *args, **kwargs)

    def head_from_sequence(self: Any, stream_id: int) -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT last_value + (CASE WHEN is_called THEN 1 ELSE 0 END) - 1 FROM planted_{stream_id}")
            return int(cursor.fetchone()[0])

    write = log.Additions.write

    def write_slowly(self: Any) -> None:
        write(self)
        if random.random() < 0.2:  # as a busy disk does now and then
            time.sleep(random.uniform(0.1, 0.3))

    log.Additions.write = write_slowly  # type: ignore[method-assign]
    log._locked = unlocked
    log.Additions.add = add_from_sequence  # type: ignore[method-assign]
    log.Additions.head = head_from_sequence  # type: ignore[method-assign]


def no_id_check() -> None:
    """A message that is sent again is stored again."""
    import uuid

    from chat.operations import posting

    posting.known_posts = lambda keys: {}
    row = posting.message_row

    def anew(draft: Any, *args: Any, **options: Any) -> Any:
        values = list(row(draft, *args, **options))
        values[values.index(draft.client_id)] = uuid.uuid4()  # past the constraint of the database
        return tuple(values)

    posting.message_row = anew


def attach_after_head() -> None:
    """The position is read before the socket hears what comes after it."""
    from chat.streams import attaching

    async def catch_up(listener: Any, feed: Any, cursor: int | None) -> int | None:
        import asyncio

        position = feed.position
        if cursor is not None and cursor < position:
            rows = await attaching.database.read(attaching.log.events_after, feed.id, cursor, position, 10_000)
            listener.write(b"".join(attaching.text_frame(row[2]) for row in rows))
        await asyncio.sleep(0.05)
        feed.listeners[listener] = listener.write
        return None

    from chat.streams import hub

    hub.catch_up = catch_up


def no_head_poll() -> None:
    """What the channel layer loses last is never looked for."""
    from chat.streams import hub

    async def nothing(self: Any) -> None:
        pass

    hub.Hub._check_heads = nothing  # type: ignore[method-assign]


PLANTS: dict[str, Callable[[], None]] = {
    plant.__name__: plant
    for plant in (publish_before_commit, database_sequence, no_id_check, attach_after_head, no_head_poll)
}


def main() -> None:
    from django.core.management import execute_from_command_line

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    django.setup()
    if os.environ.get("PARLEY_TORTURE"):
        hook_up()
    if planted := os.environ.get("PARLEY_PLANTED"):
        PLANTS[planted]()
    execute_from_command_line([sys.argv[0], "serve"])


if __name__ == "__main__":
    main()
