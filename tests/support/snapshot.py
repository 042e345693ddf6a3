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

from chat.models import Event, Membership, Message, Notification, Room, Stream, ThreadFollower
from chat.operations import wire

Data = dict[str, Any]


class Snapshot:
    """All rooms and people of a Parley, by their wire ids.

    Attributes:
        heads: stream name → number of its last event.
        rooms: room id → `{"slug", "name", "kind", "topic", "archived", "previews"}`
        members: room id → user id → role, for those who are in.
        messages: message id → the message as history gives it, deleted ones included.
        places: (user id, room id) → `{"read_seq", "unread", "mentions"}`
        threads: (user id, message id) → the same of a thread that they follow.
        notifications: user id → notification id → whether it is unread.
    """

    def __init__(self) -> None:
        self.heads: dict[str, int] = {}
        self.rooms: dict[str, Data] = {}
        self.members: dict[str, dict[str, str]] = {}
        self.messages: dict[str, Data] = {}
        self.places: dict[tuple[str, str], Data] = {}
        self.threads: dict[tuple[str, str], Data] = {}
        self.notifications: dict[str, dict[str, bool]] = {}

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
            user_id, room_id = str(membership.user_id), str(membership.room_id)
            snapshot.members[room_id][user_id] = membership.role
            snapshot.places[user_id, room_id] = _counts(membership)
        for follower in ThreadFollower.objects.following().with_unread():
            snapshot.threads[str(follower.user_id), str(follower.root_id)] = _counts(follower)
        for row in Notification.objects.all():
            snapshot.notifications.setdefault(str(row.user_id), {})[str(row.pk)] = row.read_at is None
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

    def seen(self) -> Data:
        """All of it that somebody may see: not the threads of those who have left the room."""
        threads = {
            (user, root): counts
            for (user, root), counts in self.threads.items()
            if (user, self.messages[root]["room"]) in self.places
        }
        return vars(self) | {"threads": threads}

    # Room streams -------------------------------------------------------------------------------

    def _message_posted(self, room: str, seq: int, data: Data) -> None:
        assert (data["room"], data["seq"]) == (room, seq)
        self.messages[data["id"]] = _message(data)
        if data["thread"] is not None:
            self._replied(seq, data)
        for user in self._concerned(data):
            if user != data["sender"]["id"] and data["deleted_at"] is None:
                self._count(user, data, unread=1)
            if user in self._named(data):
                self._count(user, data, mentions=1)

    def _replied(self, seq: int, data: Data) -> None:
        root, sender = self.messages[data["thread"]], data["sender"]["id"]
        replies = root["replies"] or {"count": 0, "users": []}
        users = replies["users"] if sender in replies["users"] else [*replies["users"], sender][:5]
        root["replies"] = {"count": replies["count"] + 1, "last_at": data["created_at"], "users": users}
        for user in data["followers"]:
            read_seq = seq if user == sender else seq - 1
            place = {"read_seq": read_seq, "unread": 0, "mentions": 0}
            if user == sender or (user, root["id"]) not in self.threads:
                self.threads[user, root["id"]] = place

    def _message_edited(self, room: str, seq: int, data: Data) -> None:
        message = self.messages[data["id"]]
        before = self._named(message)
        message |= {name: data[name] for name in ("body", "html", "everybody", "edited_at")}
        message["mentions"] = sorted(data["mentions"])
        self.messages[data["id"]] = message
        after = self._named(message)
        for user in before - after:
            self._count(user, message, mentions=-1)
        for user in after - before:
            self._count(user, message, mentions=1)

    def _message_deleted(self, room: str, seq: int, data: Data) -> None:
        message = self.messages[data["id"]]
        assert message["sender"] == data["sender"]
        assert message["thread"] == data["thread"]
        for user in self._concerned(message):
            if user != data["sender"]:
                self._count(user, message, unread=-1)
            if user in self._named(message):
                self._count(user, message, mentions=-1)
        message.update(
            body="",
            html="",
            mentions=[],
            everybody=None,
            attachments=[],
            reactions=[],
            pinned=None,
            previews=[],
            deleted_at=data["deleted_at"],
        )
        if message["thread"] is not None:
            self.messages[message["thread"]]["replies"]["count"] -= 1

    def _attachment_ready(self, room: str, seq: int, data: Data) -> None:
        if data["attachment"] is not None:
            attachments = self.messages[data["message"]]["attachments"]
            (place,) = [n for n, each in enumerate(attachments) if each["id"] == data["attachment"]["id"]]
            attachments[place] = data["attachment"]

    def _message_previewed(self, room: str, seq: int, data: Data) -> None:
        self.messages[data["message"]]["previews"] = data["previews"]

    def _reaction_added(self, room: str, seq: int, data: Data) -> None:
        reactions = self.messages[data["message"]]["reactions"]
        found = next((each for each in reactions if each["emoji"] == data["emoji"]), None)
        if found is None:
            reactions.append({"emoji": data["emoji"], "users": [data["user"]["id"]]})
        else:
            found["users"].append(data["user"]["id"])

    def _reaction_removed(self, room: str, seq: int, data: Data) -> None:
        reactions = self.messages[data["message"]]["reactions"]
        (found,) = [each for each in reactions if each["emoji"] == data["emoji"]]
        found["users"].remove(data["user"]["id"])
        if not found["users"]:
            reactions.remove(found)

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

    def _thread_updated(self, user: str, seq: int, data: Data) -> None:
        self.threads.pop((user, data["thread"]), None)
        if data["following"]:
            self.threads[user, data["thread"]] = {name: data[name] for name in ("read_seq", "unread", "mentions")}

    def _message_pinned(self, room: str, seq: int, data: Data) -> None:
        self.messages[data["message"]]["pinned"] = data["pinned"]

    _message_unpinned = _message_pinned

    def _bookmark_changed(self, user: str, seq: int, data: Data) -> None:
        assert data["message"] in self.messages

    def _notification_created(self, user: str, seq: int, data: Data) -> None:
        assert data["id"] == str(int(user) << 32 | seq) and data["read_at"] is None
        self.notifications.setdefault(user, {})[data["id"]] = True

    def _notification_read(self, user: str, seq: int, data: Data) -> None:
        mine = self.notifications[user]
        for pk in mine if data["notifications"] is None else data["notifications"]:
            mine[pk] = False

    def _level_changed(self, user: str, seq: int, data: Data) -> None:
        assert (user, data["room"]) in self.places

    def _access_revoked(self, user: str, seq: int, data: Data) -> None:
        assert data["logins"] is None or data["logins"]

    # --------------------------------------------------------------------------------------------

    def _named(self, message: Data) -> set[str]:
        """Whom it mentions: by name, or all in the room but who says so."""
        sender = message["sender"] if isinstance(message["sender"], str) else message["sender"]["id"]
        everybody = set(self.members[message["room"]]) - {sender} if message["everybody"] else set[str]()
        return {*message["mentions"], *everybody}

    def _concerned(self, message: Data) -> list[str]:
        """Who may have this message unread: the members of its room, or the followers of its thread."""
        if message["thread"] is None:
            return [*self.members[message["room"]]]
        return [user for user, root in self.threads if root == message["thread"]]

    def _count(self, user: str, message: Data, **by: int) -> None:
        """Changes what `user` has unread, if they have not read as far as the message."""
        if message["thread"] is None:
            place = self.places.get((user, message["room"]))
        else:
            place = self.threads.get((user, message["thread"]))
        if place is not None and message["seq"] > place["read_seq"]:
            for name, change in by.items():
                place[name] += change


def _counts(row: Any) -> Data:
    return {"read_seq": row.read_seq, "unread": row.unread, "mentions": row.mentions}


def _room(data: Data) -> Data:
    """A direct room is called by each of the two after the other."""
    fields = ("slug", "name", "kind", "topic", "archived", "posting", "slow_seconds", "previews")
    found = {name: data[name] for name in fields}
    return found | {"name": ""} if data["kind"] == "direct" else found


def _message(data: Data) -> Data:
    """The order of mentions says nothing; names of people are theirs to change. Only the event tells of followers."""
    message = {name: value for name, value in data.items() if name != "followers"}
    return message | {"sender": data["sender"]["id"], "mentions": sorted(data["mentions"])}


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
    assert known.seen() == Snapshot.take().seen()
    check_log()
