"""Whom posts notify."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Final

from chat.models import Membership, Notification
from chat.models.search import Term
from chat.operations.drafts import Draft
from chat.operations.notifying.hearing import Listener, Pair, everybody, levels, listeners
from chat.operations.notifying.making import Making
from chat.operations.notifying.text import shortened
from chat.operations.rendering.words import words
from chat.operations.search.words import matches, term, tokens
from chat.protocol.events import UserData
from chat.streams import log

Kind: Final = Notification.Kind
_EVERYBODY: Final[Mapping[str, str]] = {"room": Kind.ROOM_MENTION, "here": Kind.HERE}


class Notices:
    """Of the posts of one transaction. It holds their rooms; the streams of those who may be told are held here.

    `listened`: rooms in which somebody wants each message looked at. `directs`: direct room id → both who are in it.
    `mentioning`: those (room id, user id) that may be named, and are in the room. `replying`: root id → its room, and
    who may follow the thread by the end of the transaction. `calling`: rooms where a post mentions everybody, and may.
    `reading`: (room id, user id) of those who reply, and have thereby read what they were told of the thread.
    """

    def __init__(
        self,
        additions: log.Additions,
        at: datetime,
        *,
        listened: set[int],
        directs: Mapping[int, Sequence[int]],
        mentioning: set[Pair],
        replying: Mapping[int, tuple[int, set[int]]],
        calling: set[int],
        reading: set[Pair],
    ) -> None:
        self._listeners = listeners(listened)
        self._members = everybody(calling)
        self._directs = directs
        pairs = set(mentioning)
        pairs |= {(room, user) for room, users in directs.items() for user in users}
        pairs |= {(room, user) for room, users in replying.values() for user in users}
        pairs |= {(room, user) for room, users in self._members.items() for user in users}
        pairs |= {(room, listener.user) for room, found in self._listeners.items() for listener in found}
        heard = levels(pairs)
        self._levels = {pair: level for pair, level in heard.items() if level != Membership.Level.NOTHING}
        users = {user for _, user in self._levels}
        additions.hold(users | {user for _, user in reading})
        self._making = Making(additions, at, users)
        self._unheld = {room for room, user in reading | self._levels.keys() if not additions.holds(user)}

    def holds(self, room: int) -> bool:
        """Whether all who may hear of a post to this room can be told."""
        return room not in self._unheld

    def add(
        self,
        draft: Draft,
        message: int,
        seq: int,
        *,
        sender: UserData,
        mentioned: Sequence[int],
        followers: Sequence[int],
        files: Sequence[str],
    ) -> None:
        """Each is told once, of what concerns them most."""
        kinds: dict[int, str] = {}
        for listener in self._listeners.get(draft.room_id, ()):
            if listener.all and draft.thread is None:
                kinds[listener.user] = Kind.MESSAGE
        if draft.everybody is not None:
            kinds |= dict.fromkeys(self._members.get(draft.room_id, ()), _EVERYBODY[draft.everybody])
        kinds |= dict.fromkeys(followers, Kind.REPLY)
        if draft.thread is None:
            kinds |= dict.fromkeys(self._directs.get(draft.room_id, ()), Kind.DIRECT)
        kinds |= dict.fromkeys(_hit(self._listeners.get(draft.room_id, ()), draft.body), Kind.KEYWORD)
        kinds |= dict.fromkeys(mentioned, Kind.MENTION)
        kinds.pop(draft.sender_id, None)
        told = [(user, kind) for user, kind in kinds.items() if (draft.room_id, user) in self._levels]
        text = shortened(words(draft.html), files) if told else ""
        for user, kind in told:
            self._making.add(
                user,
                kind,
                actor=sender,
                room=draft.room_id,
                message=message,
                thread=draft.thread,
                seq=seq,
                text=text,
            )

    def write(self) -> None:
        """After the messages."""
        self._making.write()


def _hit(found: Sequence[Listener], body: str) -> list[int]:
    """Those one of whose keywords stands in `body`."""
    waiting = [listener for listener in found if listener.keywords]
    if not waiting:
        return []
    said = tokens(body)
    known = {token.text for token in said}
    return [
        listener.user
        for listener in waiting
        if any(
            wanted.tokens[0] in known and next(matches(said, wanted), None) is not None
            for wanted in map(_term, listener.keywords)
            if wanted is not None
        )
    ]


@lru_cache(4_096)
def _term(keyword: str) -> Term | None:
    return term(keyword, exact=True)
