"""What clients know. A snapshot, kept up by events as a client keeps it, equals one that is taken later.

`with agreeing(): operation(…)` checks this for every room and person around whatever happens within.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from chat.models import Event, Membership, Message, Room, Stream
from chat.operations import wire

Data = dict[str, Any]


class Snapshot:
    """All rooms and people of a Parley, by their wire ids.

    Attributes:
        heads: stream name → number of its last event.
        rooms: room id → `{"slug", "name", "kind", "topic", "archived"}`
        members: room id → user id → role, for those who are in.
        messages: message id → the message as history gives it, deleted ones included.
        places: (user id, room id) → `{"read_seq", "unread", "mentions"}`
    """

    def __init__(self) -> None:
        self.heads: dict[str, int] = {}
        self.rooms: dict[str, Data] = {}
        self.members: dict[str, dict[str, str]] = {}
        self.messages: dict[str, Data] = {}
        self.places: dict[tuple[str, str], Data] = {}

    @classmethod
    def take(cls) -> Snapshot:
        """As it stands in the database."""
        snapshot = cls()
        # A stream in which nothing has happened is one that no client has heard of.
        snapshot.heads = {stream.name: stream.head for stream in Stream.objects.exclude(head=0)}
        for room in Room.objects.all():
            snapshot.rooms[str(room.pk)] = _room(msgspec.to_builtins(wire.room_data(room)))
            snapshot.members[str(room.pk)] = {}
        for membership in Membership.objects.live().with_unread():
            counts: Any = membership
            user_id, room_id = str(membership.user_id), str(membership.room_id)
            snapshot.members[room_id][user_id] = membership.role
            snapshot.places[user_id, room_id] = {
                "read_seq": membership.read_seq,
                "unread": counts.unread,
                "mentions": counts.mentions,
            }
        messages = list(Message.objects.select_related("sender").order_by("pk"))
        for message in wire.messages_data(messages):
            snapshot.messages[message.id] = _message(msgspec.to_builtins(message))
        return snapshot

    def apply(self, frame: Data) -> None:
        """What a client does with one event that it receives."""
        stream, seq = frame["stream"], frame["seq"]
        assert seq == self.heads.get(stream, 0) + 1, f"{stream}: event {seq} after {self.heads.get(stream, 0)}"
        self.heads[stream] = seq
        data = copy.deepcopy(frame["data"])
        getattr(self, "_" + frame["type"].replace(".", "_"))(stream.partition(":")[2], seq, data)

    # Room streams -------------------------------------------------------------------------------

    def _message_posted(self, room: str, seq: int, data: Data) -> None:
        assert (data["room"], data["seq"]) == (room, seq)
        self.messages[data["id"]] = _message(data)
        for user in self.members[room]:
            if user != data["sender"]["id"] and data["deleted_at"] is None:
                self._count(user, room, seq, unread=1)
            if user in data["mentions"]:
                self._count(user, room, seq, mentions=1)

    def _message_edited(self, room: str, seq: int, data: Data) -> None:
        message = self.messages[data["id"]]
        before, after = set(message["mentions"]), set(data["mentions"])
        message.update(
            body=data["body"], html=data["html"], mentions=sorted(data["mentions"]), edited_at=data["edited_at"]
        )
        for user in before - after:
            self._count(user, room, data["seq"], mentions=-1)
        for user in after - before:
            self._count(user, room, data["seq"], mentions=1)

    def _message_deleted(self, room: str, seq: int, data: Data) -> None:
        message = self.messages[data["id"]]
        assert message["sender"] == data["sender"]
        for user in self.members[room]:
            if user != data["sender"]:
                self._count(user, room, data["seq"], unread=-1)
            if user in message["mentions"]:
                self._count(user, room, data["seq"], mentions=-1)
        message.update(body="", html="", mentions=[], deleted_at=data["deleted_at"])

    def _member_joined(self, room: str, seq: int, data: Data) -> None:
        assert data["room"] == room
        self.members.setdefault(room, {})[data["user"]["id"]] = data["role"]

    def _member_updated(self, room: str, seq: int, data: Data) -> None:
        assert data["user"]["id"] in self.members[room]
        self.members[room][data["user"]["id"]] = data["role"]

    def _member_left(self, room: str, seq: int, data: Data) -> None:
        del self.members[room][data["user"]["id"]]

    def _room_updated(self, room: str, seq: int, data: Data) -> None:
        self.rooms[room] = _room(data["room"])

    _room_archived = _room_updated

    # User streams -------------------------------------------------------------------------------

    def _room_added(self, user: str, seq: int, data: Data) -> None:
        place = data["room"]
        room = place["id"]
        self.rooms[room] = _room(place)
        self.places[user, room] = {name: place[name] for name in ("read_seq", "unread", "mentions")}
        assert self.members[room][user] == place["role"]
        assert place["seq"] == self.heads[f"room:{room}"]

    def _room_removed(self, user: str, seq: int, data: Data) -> None:
        del self.places[user, data["room"]]

    def _read_moved(self, user: str, seq: int, data: Data) -> None:
        self.places[user, data["room"]] = {name: data[name] for name in ("read_seq", "unread", "mentions")}

    def _access_revoked(self, user: str, seq: int, data: Data) -> None:
        assert data["logins"] is None or data["logins"]

    # --------------------------------------------------------------------------------------------

    def _count(self, user: str, room: str, seq: int, **by: int) -> None:
        """Changes what `user` has unread, if they have not read as far as the message."""
        place = self.places.get((user, room))
        if place is not None and seq > place["read_seq"]:
            for name, change in by.items():
                place[name] += change


def _room(data: Data) -> Data:
    """A direct room is called by each of the two after the other."""
    found = {name: data[name] for name in ("slug", "name", "kind", "topic", "archived")}
    return found | {"name": ""} if data["kind"] == "direct" else found


def _message(data: Data) -> Data:
    """The order of mentions says nothing; names of people are theirs to change."""
    return data | {"sender": data["sender"]["id"], "mentions": sorted(data["mentions"])}


def events_since(heads: dict[str, int]) -> list[Data]:
    """The frames after these heads, as they were written: the numbers of each stream in order."""
    frames = [json.loads(text) for text in Event.objects.order_by("pk").values_list("payload", flat=True)]
    return [frame for frame in frames if frame["seq"] > heads.get(frame["stream"], 0)]


def check_log() -> None:
    """Every stream holds the events 1, 2, 3, … up to its head, each as its columns say."""
    for stream in Stream.objects.all():
        events = list(Event.objects.filter(stream=stream).order_by("seq"))
        assert [event.seq for event in events] == list(range(stream.pruned + 1, stream.head + 1)), stream.name
        for event in events:
            frame = json.loads(event.payload)
            assert frame["op"] == "event"
            assert (frame["stream"], frame["seq"], frame["type"]) == (stream.name, event.seq, event.type)


def ends(event: Data, login: str) -> bool:
    """Whether an event ends a login: it names it, or ends all of the person's."""
    assert event["type"] == "access.revoked"
    return event["data"]["logins"] is None or login in event["data"]["logins"]


@contextmanager
def agreeing() -> Iterator[list[Data]]:
    """Checks state against events around a block. Gives the list of the events that it wrote, filled at its end."""
    known = Snapshot.take()
    written: list[Data] = []
    yield written
    written.extend(events_since(known.heads))
    for frame in written:
        known.apply(frame)
    assert vars(known) == vars(Snapshot.take())
    check_log()
