"""Fills an empty Parley for `benchmarks.workloads.pages`, by the operations that people use, in a process of its own.

`python -m benchmarks.workloads.pages_seed empty=0 full=150000` makes these rooms and prints
`{"rooms": {slug: id}, "keen": {"session": key, "token": access token}, "late": {…}}`. Both readers are in every room:
keen has read all of it, late nothing.
"""

from __future__ import annotations

import json
import os
import sys
import uuid
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from chat.models import Room, User

PEOPLE: Final = 20
BATCH: Final = 256
TURN: Final = 3
"""Messages that one person writes before the next does."""
ANSWERS: Final = 7
"""Every seventh message answers an earlier one."""
TOKEN_LIFETIME: Final = timedelta(hours=4)  # longer than all runs take
LINES: Final = (
    "Good morning! Did the night run finish?",
    "It did: **412 passed**, and `test_resume` is the slowest of them with 3 s.",
    "Then let us cut the release after lunch. The notes are at https://example.org/notes/12 for whoever reads.",
    "Fine with me.",
    "One thing before that:\n\n- the migration takes a minute on the big database\n- it locks all\n\nSo, at night?",
)


def fill(rooms: dict[str, int]) -> dict[str, Any]:
    """`rooms` is slug → number of messages."""
    from chat.models import Room
    from chat.operations.membership import mark_read
    from chat.operations.people import create_user
    from chat.operations.rooms import create_room
    from chat.operations.workspace import set_up

    owner = set_up(workspace_name="Acme", username="ada", password=uuid.uuid4().hex, name="Ada Lovelace")
    people = [create_user(actor=None, username=f"person{number}", password=None) for number in range(PEOPLE - 2)]
    readers = {name: create_user(actor=None, username=name, password=None) for name in ("keen", "late")}
    members = [user.pk for user in (*people, *readers.values())]
    made = {slug: create_room(actor=owner, name=slug, kind=Room.Kind.OPEN, members=members) for slug in rooms}
    for slug, messages in rooms.items():
        post(made[slug], people, messages)
        head = Room.objects.select_related("stream").get(pk=made[slug].pk).stream.head
        mark_read(user=readers["keen"], room_id=made[slug].pk, seq=head)
    credentials = {name: {"session": session(user), "token": token(user)} for name, user in readers.items()}
    return {"rooms": {slug: str(room.pk) for slug, room in made.items()}, **credentials}


def post(room: Room, people: list[User], messages: int) -> None:
    """By the write path of every message, many in a transaction."""
    from chat.operations.drafts import draft
    from chat.operations.posting import Posted, commit_posts

    lines = [draft(sender_id=0, room_id=room.pk, client_id=uuid.uuid4(), body=line) for line in LINES]
    answered: int | None = None
    for start in range(0, messages, BATCH):
        batch = [
            replace(
                lines[number % len(lines)],
                sender_id=people[number // TURN % len(people)].pk,
                client_id=uuid.uuid4(),
                reply_to=answered if number % ANSWERS == 0 else None,
            )
            for number in range(start, min(start + BATCH, messages))
        ]
        last = commit_posts(batch)[-1]
        assert isinstance(last, Posted), last
        answered = last.message_id


def session(user: User) -> str:
    """The key of a browser session in which `user` has signed in."""
    from django.contrib.auth import login
    from django.contrib.sessions.backends.db import SessionStore
    from django.http import HttpRequest

    from chat.models import Login
    from chat.operations.credentials import LOGIN_SESSION_KEY
    from chat.operations.logins import start_login

    request = HttpRequest()
    request.session = SessionStore()
    login(request, user, "django.contrib.auth.backends.ModelBackend")
    key = request.session.session_key or ""
    started = start_login(user=user, kind=Login.Kind.SESSION, session_key=key)
    request.session[LOGIN_SESSION_KEY] = str(started.pk)
    request.session.save()
    return key


def token(user: User) -> str:
    """An access token that outlives the benchmark."""
    from chat.operations.tokens import issue_many

    return issue_many(users=[user], lifetime=TOKEN_LIFETIME)[0].access


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    import django

    django.setup()
    print(json.dumps(fill({slug: int(messages) for slug, messages in (word.split("=") for word in sys.argv[1:])})))
