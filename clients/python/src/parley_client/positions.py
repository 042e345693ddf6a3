"""Where this client is in every stream: each event once, in order, whatever the sockets were like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from parley_client.items import Event, Item, Reset
from parley_client.shapes import Json


class Gap(Exception):
    """Something is missing before this frame: resume again, from the cursors."""


@dataclass(frozen=True)
class Step:
    """One move forward: what the application is given, if anything, and where the cursors are once it has it."""

    item: Item | None = None
    moved: Mapping[str, int | None] = field(default_factory=dict)
    """Stream → number; None where the stream is not heard any more."""
    epoch: str | None = None


@dataclass
class Cursors:
    """A place in every stream, in one life of the server's database."""

    epoch: str | None = None
    numbers: dict[str, int] = field(default_factory=dict)

    def apply(self, step: Step) -> None:
        for stream, seq in step.moved.items():
            if seq is None:
                self.numbers.pop(stream, None)
            else:
                self.numbers[stream] = seq
        if step.epoch is not None:
            self.epoch = step.epoch

    def copy(self) -> Cursors:
        return Cursors(self.epoch, dict(self.numbers))


class Positions:
    """Turns the frames of one socket after another into steps."""

    def __init__(self, start: Cursors | None = None) -> None:
        self.cursors = start or Cursors()
        self._sent: frozenset[str] | None = None
        """The cursors that the server was told, from `resume` to `ready`."""

    def resume(self) -> dict[str, Any]:
        """The fields of the `resume` command. Cursors of another epoch are sent too: each is answered by a `reset`."""
        self._sent = frozenset(self.cursors.numbers)
        if self.cursors.epoch is None:
            return {}
        return {"epoch": self.cursors.epoch, "cursors": dict(self.cursors.numbers)}

    def take(self, frame: Json) -> Iterator[Step]:
        """The steps of an `event`, `reset` or `ready`. Raises Gap, after the steps that can be made."""
        match frame["op"]:
            case "event":
                steps = self._event(frame)
            case "reset":
                steps = self._reset(frame["stream"], frame["seq"])
            case "ready":
                steps = self._ready(frame)
            case _:
                return
        for step in steps:
            self.cursors.apply(step)
            yield step

    def _event(self, frame: Json) -> Iterator[Step]:
        event = Event.of(frame)
        cursor = self.cursors.numbers.get(event.stream)
        if cursor is not None and event.seq <= cursor:
            return
        if cursor is not None and event.seq > cursor + 1:
            raise Gap(f"{event.stream} goes from {cursor} to {event.seq}")
        moved: dict[str, int | None] = {event.stream: event.seq}
        if event.type == "room.added":
            room = event.data["room"]
            self._unless_replayed(moved, f"room:{room['id']}", room["seq"])
        elif event.type == "room.removed":
            self._unless_replayed(moved, f"room:{event.data['room']}", None)
        yield Step(event, moved)

    def _unless_replayed(self, moved: dict[str, int | None], stream: str, seq: int | None) -> None:
        # In a replay this tells of the past: the server knows by now which streams it may send, and sends each from
        # the cursor that it was given. `ready` says what is left.
        if self._sent is None or stream not in self._sent:
            moved[stream] = seq

    def _reset(self, stream: str, seq: int) -> Iterator[Step]:
        yield Step(Reset(stream, seq), {stream: seq})

    def _ready(self, frame: Json) -> Iterator[Step]:
        sent, self._sent = self._sent or frozenset(), None
        streams: dict[str, int] = frame["streams"]
        moved: dict[str, int | None] = {name: None for name in self.cursors.numbers if name not in streams}
        late = []
        for name, seq in streams.items():
            cursor = self.cursors.numbers.get(name)
            if cursor is None:
                moved[name] = seq
            elif cursor < seq and name in sent:
                yield from self._reset(name, seq)
            elif cursor < seq:
                late.append(name)
        yield Step(None, moved, frame["epoch"])
        if late:
            # A room that was joined while the client was away: its cursor came with the replay, too late to be sent.
            raise Gap(f"{', '.join(late)} began before this")
