"""The history of one room, batch by batch."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from django.db import transaction

from chat.models import Imported, Mention, Message, Room, message_id
from chat.operations.drafts import MENTION_COLUMNS, MESSAGE_COLUMNS, Draft, message_row, posted_data
from chat.operations.importing import completing
from chat.operations.importing.items import Item, Joined, Place, Said
from chat.operations.importing.people import People
from chat.operations.importing.stays import Stays
from chat.operations.lookups import known_posts
from chat.operations.rendering import render
from chat.operations.search import indexing
from chat.operations.search.indexing import Words
from chat.protocol.limits import BODY_CHARACTERS
from chat.streams import log
from chat.streams.inserting import insert_many

_NAMESPACE: Final = uuid.UUID("7a6a1d0e-52c7-4d6c-9d0b-0d5b3f1f6a10")
_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)


class History:
    """Takes the items of one room in their order. Each batch is one transaction; what was imported before is left out.

    Stopped at any point and begun again, it ends as if it had never been stopped.
    """

    def __init__(self, room: Room, place: Place, people: People) -> None:
        self.posted = 0
        self.repeated = 0
        self._room = room
        self._place = place
        self._people = people
        self._key = {"source": people.source, "external_id": place.id}
        self._threads: dict[str, int] = {}
        self._last_before = completing.last_message(room)
        with transaction.atomic(), log.adding([room.pk]) as additions:
            if Imported.objects.get(**self._key).position is None:
                stays = Stays(room)
                for user in people.users(sorted(place.present)):
                    stays.join(user, place.created_at, additions)
                stays.write()
                self._move_to(_BEGINNING)

    def add(self, items: Sequence[Item]) -> None:
        if not items:
            return
        with transaction.atomic(), log.adding([self._room.pk]) as additions:
            # Read only now, with the stream locked: another import of the same archive may run.
            position = Imported.objects.get(**self._key).position or _BEGINNING
            batch = _Batch(self._room, self._place, self._people, self._threads, additions)
            old = [item for item in items if isinstance(item, Said) and item.at <= position]
            known = batch.known(old)
            for item in items:
                if isinstance(item, Said):
                    for part in _parts(item):
                        self.repeated += part.id in known
                        if part.id not in known:
                            batch.say(part)
                            self.posted += 1
                elif item.at > position:
                    batch.move(item)
            batch.write()
            self._move_to(max(position, items[-1].at))

    def complete(self) -> None:
        """Leaves the room as its archive says it ended: who is in it, all of it read, archived or not."""
        completing.complete(self._room, self._place, self._people, self._last_before)

    def _move_to(self, position: datetime) -> None:
        Imported.objects.filter(**self._key).update(position=position)


class _Batch:
    def __init__(
        self, room: Room, place: Place, people: People, threads: dict[str, int], additions: log.Additions
    ) -> None:
        self._room = room
        self._place = place
        self._people = people
        self._threads = threads
        self._additions = additions
        self._stays = Stays(room)
        self._messages: list[tuple[Any, ...]] = []
        self._mentions: list[tuple[int, int, int, int, int | None]] = []
        self._deleted: list[tuple[int, datetime]] = []
        self._words: list[Words] = []

    def known(self, items: list[Said]) -> set[str]:
        """Ids of those parts that were imported before."""
        parts = [part for item in items for part in _parts(item)]
        if not parts:
            return set()
        keys = {(self._people[part.by].pk, self._client_id(part)): part for part in parts}
        found = known_posts(set(keys))
        for key, (message, *_) in found.items():
            self._threads.setdefault(keys[key].id, message)
        return {keys[key].id for key in found}

    def say(self, said: Said) -> None:
        sender = self._people[said.by]
        if not sender.is_bot and self._room.kind != Room.Kind.DIRECT:
            self._stays.join(sender, said.at, self._additions)
        rendered = render(said.body, people=self._people.ids_by_key)
        draft = Draft(
            sender_id=sender.pk,
            room_id=self._room.pk,
            client_id=self._client_id(said),
            body=said.body,
            html=rendered.html if said.body else "",
            mentioned=tuple(user for user in rendered.mentioned if user in self._stays),
            reply_to=self._threads.get(said.thread) if said.thread and said.thread != said.id else None,
        )
        seq = self._additions.head(self._room.pk) + 1
        message = message_id(self._room.pk, seq)
        deleted_at = said.at if said.deleted else None
        data = posted_data(draft, seq, said.at, self._people.data(sender), draft.mentioned, said.edited_at, deleted_at)
        self._additions.add(self._room.pk, "message.posted", said.at, data, subject=message)
        self._messages.append(message_row(draft, seq, said.at, said.edited_at, said.extra))
        if said.deleted:
            self._deleted.append((message, said.at))
        else:
            self._words.append(Words(message, sender.pk, said.at, draft.body, draft.html))
        self._mentions.extend((message, user, self._room.pk, seq, None) for user in draft.mentioned)
        if said.thread == said.id:
            self._threads[said.id] = message

    def move(self, item: Item) -> None:
        user = self._people[item.by]
        if user.is_bot or self._room.kind == Room.Kind.DIRECT:
            return
        change = self._stays.join if isinstance(item, Joined) else self._stays.leave
        change(user, item.at, self._additions)

    def write(self) -> None:
        self._stays.write()
        insert_many(Message, MESSAGE_COLUMNS, self._messages)
        insert_many(Mention, MENTION_COLUMNS, self._mentions)
        indexing.add(self._words)
        for message, at in self._deleted:
            Message.objects.filter(pk=message).update(deleted_at=at)

    def _client_id(self, said: Said) -> uuid.UUID:
        return uuid.uuid5(_NAMESPACE, f"{self._people.source}/{self._place.id}/{said.id}")


def _parts(said: Said) -> Iterator[Said]:
    """A message that is longer than one may be becomes several, cut between lines or words."""
    rest, number = said.body, 1
    while len(rest) > BODY_CHARACTERS:
        cut = max(rest.rfind("\n", 1, BODY_CHARACTERS), rest.rfind(" ", 1, BODY_CHARACTERS)) + 1 or BODY_CHARACTERS
        if rest[:cut].strip():
            yield _part(said, number, rest[:cut])
        rest, number = rest[cut:], number + 1
    if number == 1:
        yield said
    elif rest.strip():
        yield _part(said, number, rest)


def _part(said: Said, number: int, body: str) -> Said:
    return replace(said, id=said.id if number == 1 else f"{said.id}/{number}", body=body)
