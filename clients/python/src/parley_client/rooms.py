"""The rooms that this client is in, kept up by what it hears."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from parley_client.items import Event
from parley_client.shapes import Room


class Rooms:
    def __init__(self) -> None:
        self.by_id: dict[str, Room] = {}
        self.known = False

    def replace(self, rooms: Iterable[Room]) -> None:
        self.by_id = {room.id: room for room in rooms}
        self.known = True

    def notice(self, event: Event) -> None:
        """`room.added`, `room.removed`, `room.updated`, `room.archived`; others change nothing here."""
        match event.type:
            case "room.added":
                room = Room.of(event.data["room"])
                self.by_id[room.id] = room
            case "room.removed":
                self.by_id.pop(str(event.data["room"]), None)
            case "room.updated" | "room.archived":
                told = Room.of(event.data["room"])
                known = self.by_id.get(told.id)
                if known is not None:
                    self.by_id[told.id] = replace(
                        known, slug=told.slug, name=told.name, topic=told.topic, archived=told.archived
                    )

    def find(self, name: str) -> Room | None:
        return find(self.by_id.values(), name)


def find(rooms: Iterable[Room], name: str) -> Room | None:
    """The room of this id, else slug, else title, whatever its case. A name that several have is nobody's."""
    name = name.removeprefix("#")
    rooms = list(rooms)
    for room in rooms:
        if name in (room.id, room.slug):
            return room
    titled = [room for room in rooms if room.title.casefold() == name.casefold()]
    return titled[0] if len(titled) == 1 else None
