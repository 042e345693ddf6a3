"""Fills an empty Parley for `benchmarks.workloads.search`: a Slack export, imported as many times as one says.

`python -m benchmarks.workloads.search_seed EXPORT.zip 10` gives each copy rooms of its own, the same people and
times, and prints `{"token": access token, "queries": {kind: [query, …]}, "messages": n}`. The reader is in every room.
"""

from __future__ import annotations

import json
import os
import random
import re
import sys
import tempfile
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from chat.models import Message

QUERIES: Final = 100
"""Of each kind."""
TOKEN_LIFETIME: Final = timedelta(hours=4)  # longer than all runs take
_WORD: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)?")


def fill(export: Path, copies: int) -> None:
    from chat.management.slack.archive import Archive
    from chat.management.slack.transfer import transfer
    from chat.operations.workspace import set_up

    set_up(workspace_name="Acme", username="keen", password="a long pass phrase", name="Keen")
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
        for copy in range(copies):
            archive = Archive(renamed(export, Path(folder) / "copy.zip", copy))
            try:
                transfer(archive, lambda problem: print(problem, file=sys.stderr), lambda read, imported: None)
            finally:
                archive.close()


def renamed(export: Path, target: Path, copy: int) -> Path:
    """The same archive with other rooms."""
    with zipfile.ZipFile(export) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copied:
        for name in source.namelist():
            folder, slash, file = name.rpartition("/")
            data = source.read(name)
            if not slash and name == "channels.json":
                channels = json.loads(data)
                for channel in channels:
                    channel |= {
                        "id": f"{channel['id']}{copy}",
                        "name": f"{channel['name']}-{copy}",
                        "is_general": False,
                    }
                data = json.dumps(channels).encode()
            copied.writestr(f"{folder}-{copy}/{file}" if slash else name, data)
    return target


def reader() -> str:
    """An access token of somebody who is in every room."""
    from chat.models import Membership, Room, User
    from chat.operations.membership import join_room
    from chat.operations.tokens import issue_many

    keen = User.objects.get(username="keen")
    for room in Room.objects.exclude(pk__in=Membership.objects.live().filter(user=keen).values("room")):
        join_room(actor=keen, room_id=room.pk)
    return issue_many(users=[keen], lifetime=TOKEN_LIFETIME)[0].access


def queries() -> dict[str, list[str]]:
    """As people ask: words of what was said, the frequent ones as often as they were said."""
    from chat.models import Message

    newest = Message.objects.order_by("-pk").values_list("pk", flat=True)
    rooms = list(Message.objects.values_list("room", flat=True).distinct())
    chosen = random.Random(12)

    def message() -> Message:
        room = chosen.choice(rooms)
        most = newest.filter(room=room)[0] & 0xFFFFFFFF
        found = Message.objects.filter(pk__lte=(room << 32) + chosen.randint(1, most)).order_by("-pk")
        return found.select_related("sender", "room")[0]

    def said(least: int) -> tuple[Message, list[str]]:
        while True:
            found = message()
            words = _WORD.findall(found.body)
            if len(words) >= least:
                return found, words

    def ask(kind: str) -> str:
        found, words = said(3)
        at = chosen.randrange(len(words) - 2)
        one, phrase = words[at], f'"{words[at]} {words[at + 1]}"'
        match kind:
            case "one word":
                return one
            case "two words":
                return " ".join(chosen.sample(words, 2))
            case "three words":
                return " ".join(chosen.sample(words, 3))
            case "a phrase":
                return phrase
            case "a beginning":
                return one[:4]
            case "from somebody":
                return f"{one} from:{found.sender.username}"
            case "in a room":
                return f"{one} in:{found.room.slug}"
            case "in a month":
                return f"{one} on:{found.created_at:%Y-%m}"
            case "a link":
                return f"{one} has:link"
            case _:
                return f"{words[at]} {words[at + 1]}"

    return {kind: [ask(kind) for _ in range(QUERIES)] for kind in KINDS}


KINDS: Final = (
    "one word",
    "two words",
    "three words",
    "a phrase",
    "a beginning",
    "from somebody",
    "in a room",
    "in a month",
    "a link",
    "best first",
)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    import django

    django.setup()
    fill(Path(sys.argv[1]), int(sys.argv[2]))
    from chat.models import Message

    print(json.dumps({"token": reader(), "queries": queries(), "messages": Message.objects.count()}))
