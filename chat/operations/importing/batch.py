"""Items of one room's history that are stored in one transaction."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from chat.models import Mention, Message, Room, message_id
from chat.operations.drafts import MENTION_COLUMNS, MESSAGE_COLUMNS, Draft, message_row, posted_data
from chat.operations.everybody import unmarked
from chat.operations.files.attaching import Attaching
from chat.operations.files.wire import stored
from chat.operations.importing.items import Item, Joined, Said
from chat.operations.importing.known import Known
from chat.operations.importing.people import People
from chat.operations.importing.reacting import Reactions, reactions_to
from chat.operations.importing.stays import Stays
from chat.operations.importing.tally import Tally
from chat.operations.rendering import render
from chat.operations.replying import Threads
from chat.operations.search import indexing
from chat.operations.search.indexing import Words
from chat.protocol.values import format_time
from chat.streams import log
from chat.streams.inserting import insert_many

_COLUMNS: Final = (*MESSAGE_COLUMNS, "deleted_at", "reactions", "thread_replies")


class Batch:
    """`new` are the messages that will be said. `replied`: the roots that got replies."""

    def __init__(
        self,
        room: Room,
        people: People,
        known: Known,
        tally: Tally,
        new: Sequence[Said],
        additions: log.Additions,
    ) -> None:
        self.replied: set[int] = set()
        self._room = room
        self._people = people
        self._known = known
        self._tally = tally
        self._additions = additions
        self._stays = Stays(room)
        self._threads = Threads(known.roots[said.thread] for said in new if said.thread in known.roots)
        self._attaching = Attaching(each for said in new for each in said.uploads)
        self._messages: list[tuple[Any, ...]] = []
        self._mentions: list[tuple[int, int, int, int, int | None]] = []
        self._words: list[Words] = []

    def say(self, said: Said) -> None:
        sender = self._people[said.by]
        if not sender.is_bot and self._room.kind != Room.Kind.DIRECT:
            self._stays.join(sender, said.at, self._additions)
        rendered = render(said.body, people=self._people.ids_by_key)
        root, in_thread = self._place(said) if said.thread else (None, False)
        draft = Draft(
            sender_id=sender.pk,
            room_id=self._room.pk,
            client_id=self._known.client_id(said),
            body=said.body,
            html=unmarked(rendered.html) if said.body else "",
            mentioned=tuple(filter(self._stays.__contains__, rendered.mentioned)),
            reply_to=None if in_thread else root,
            thread=root if in_thread else None,
            attachments=self._sendable(said.uploads, sender.pk) if said.uploads else (),
        )
        seq = self._additions.head(self._room.pk) + 1
        message = message_id(self._room.pk, seq)
        followers = None if draft.thread is None else self._threads.add(draft, seq, said.at, draft.mentioned)
        files = self._attaching.add(draft, seq) if draft.attachments else []
        deleted_at = said.at if said.deleted else None
        data = posted_data(
            draft,
            seq,
            said.at,
            self._people.data(sender),
            draft.mentioned,
            said.edited_at,
            deleted_at,
            followers=followers,
            attachments=files,
        )
        self._additions.add(self._room.pk, "message.posted", said.at, data, subject=message)
        # Most have no files and no reactions, and pay nothing for them.
        reactions = reactions_to(said, self._people, self._tally)
        row = message_row(draft, seq, said.at, said.edited_at, reactions.extra, stored(files) if files else None)
        self._messages.append((*row, deleted_at, reactions.stored))
        for user in draft.mentioned:
            self._mentions.append((message, user, self._room.pk, seq, draft.thread))
        if not said.deleted:
            names = [file.name for file in files]
            self._words.append(Words(message, sender.pk, said.at, draft.body, draft.html, names))
        elif draft.thread is not None:
            self._drop(draft, message, seq, said.at)
        if reactions.stored:
            self._react(reactions, message, seq, said.at)
        if draft.thread is not None:
            self.replied.add(draft.thread)
        if said.begins:
            self._known.roots[said.id] = message
            self._threads.begin(message, draft, deleted=said.deleted)

    def move(self, item: Item) -> None:
        user = self._people[item.by]
        if user.is_bot or self._room.kind == Room.Kind.DIRECT:
            return
        change = self._stays.join if isinstance(item, Joined) else self._stays.leave
        change(user, item.at, self._additions)

    def write(self) -> None:
        self._stays.write()
        insert_many(Message, _COLUMNS, [(*row, self._threads.replies(row[0])) for row in self._messages])
        insert_many(Mention, MENTION_COLUMNS, self._mentions)
        indexing.add(self._words)
        self._attaching.write()
        # Whoever follows since an import has read nothing until it is complete.
        self._threads.write(read=0)

    def _place(self, said: Said) -> tuple[int | None, bool]:
        """The message that it has to do with, and whether it stands in that one's thread: only if that is in none."""
        root = self._known.roots.get(said.thread or "")
        return root, root is not None and not said.broadcast and self._threads.is_root(root)

    def _sendable(self, uploads: Sequence[uuid.UUID], sender_id: int) -> tuple[uuid.UUID, ...]:
        """Those that nobody has sent or removed since they were taken in."""
        return tuple(each for each in uploads if self._attaching.may_send(sender_id, each))

    def _react(self, reactions: Reactions, message: int, seq: int, at: datetime) -> None:
        for emoji, user in reactions.each:
            data = {
                "message": str(message),
                "room": str(self._room.pk),
                "seq": seq,
                "emoji": emoji,
                "user": self._people.data(user),
            }
            self._additions.add(self._room.pk, "reaction.added", at, data, subject=message)

    def _drop(self, draft: Draft, message: int, seq: int, at: datetime) -> None:
        """A reply that was deleted: a reply less, as if it had been deleted here."""
        assert draft.thread is not None
        self._threads.drop(draft.thread)
        data = {
            "id": str(message),
            "room": str(draft.room_id),
            "seq": seq,
            "sender": str(draft.sender_id),
            "deleted_at": format_time(at),
            "thread": str(draft.thread),
        }
        self._additions.add(draft.room_id, "message.deleted", at, data, subject=message)
