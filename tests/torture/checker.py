"""The model: what was sent and what became of it, what each member heard, what is stored; and where they disagree.

Every send ends as ok (with its number), failed (refused for good), or unknown (no answer came). Then, at the end:

lost          what was acknowledged is not stored as it was sent, or a member has not heard what is stored
duplicated    one send was stored twice, or a member heard a number twice
out of order  a member heard numbers in another order, or the stored log has a hole
phantom       a member heard, or the database holds, what nobody sent, or what was refused
leaked        somebody heard of a room while they were not in it
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["lost", "duplicated", "out of order", "phantom", "leaked"]
KINDS: tuple[Kind, ...] = ("lost", "duplicated", "out of order", "phantom", "leaked")

Key = tuple[str, str]
"""Sender and client id of a message."""


@dataclass
class Send:
    sender: str
    room: str
    client_id: str
    body: str
    outcome: Literal["unknown", "ok", "failed"] = "unknown"
    seq: int | None = None
    tries: int = 0
    said_at: float = 0.0
    answered_at: float | None = None
    answers: list[tuple[str, int]] = field(default_factory=list)
    """(message id, number) of every `ok`."""

    @property
    def key(self) -> Key:
        return self.sender, self.client_id

    def acknowledged(self, message: str, seq: int) -> None:
        self.outcome, self.seq = "ok", seq
        self.answers.append((message, seq))


@dataclass(frozen=True)
class Fact:
    """An event, as far as it is compared. `said`: the message, for `message.posted`; `user`: whom it is about."""

    seq: int
    type: str
    said: tuple[Key, str] | None = None
    user: str | None = None

    @classmethod
    def of(cls, event: dict[str, object]) -> Fact:
        """From an event as it goes on the wire and stands in the log."""
        type_, data = str(event["type"]), event["data"]
        assert isinstance(data, dict)
        said = user = None
        if type_ == "message.posted":
            said = ((data["sender"]["id"], data["client_id"]), data["body"])
        elif type_.startswith("member."):
            user = data["user"]["id"] if isinstance(data["user"], dict) else data["user"]
        return cls(int(str(event["seq"])), type_, said, user)


@dataclass
class Journal:
    """What one member heard, as they heard it: for each stream runs of facts, each from a number on."""

    user: str
    runs: dict[str, list[tuple[int, list[Fact]]]] = field(default_factory=lambda: defaultdict(list))
    resets: int = 0

    def begin(self, stream: str, seq: int) -> None:
        """From now on what lies after `seq` is heard: a first visit, an entry, a reset."""
        self.runs[stream].append((seq, []))

    def hear(self, stream: str, fact: Fact) -> None:
        if not self.runs[stream]:
            self.begin(stream, fact.seq - 1)
        self.runs[stream][-1][1].append(fact)

    def position(self, stream: str) -> int | None:
        if not self.runs.get(stream):
            return None
        begun, facts = self.runs[stream][-1]
        return facts[-1].seq if facts else begun


Stored = dict[str, list[Fact]]
"""Stream → its log, by number."""


class Findings(dict[Kind, list[str]]):
    """What is wrong, by kind. Empty lists are what everybody hopes for."""

    def __init__(self) -> None:
        super().__init__({kind: [] for kind in KINDS})

    @property
    def any(self) -> bool:
        return any(self.values())

    def counts(self) -> dict[str, int]:
        return {kind: len(found) for kind, found in self.items()}

    def __str__(self) -> str:
        lines = [f"{kind}: {what}" for kind, found in self.items() for what in found[:20]]
        return "\n".join(lines) or "nothing"


def check(sends: Iterable[Send], journals: Iterable[Journal], stored: Stored, members: dict[str, set[str]]) -> Findings:
    """Compares all of it. `members`: stream of a room → who was in it at the start of the run."""
    findings = Findings()
    _check_log(stored, findings)
    _check_sends(list(sends), stored, findings)
    stays = {stream: _stays(members.get(stream, set()), log) for stream, log in stored.items()}
    for journal in journals:
        for stream, runs in journal.runs.items():
            if stream.startswith("room:"):
                _check_heard(journal, stream, runs, stored.get(stream, []), stays.get(stream, {}), findings)
    return findings


def _check_log(stored: Stored, findings: Findings) -> None:
    for stream, log in stored.items():
        numbers = [fact.seq for fact in log]
        if numbers != list(range(1, len(numbers) + 1)):
            findings["out of order"].append(f"the log of {stream} has holes or repeats near {_first_break(numbers)}")


def _first_break(numbers: list[int]) -> int:
    return next(
        (number for number, expected in zip(numbers, range(1, len(numbers) + 1), strict=True) if number != expected), 0
    )


def _check_sends(sends: list[Send], stored: Stored, findings: Findings) -> None:
    by_key: dict[Key, list[tuple[str, Fact]]] = defaultdict(list)
    for stream, log in stored.items():
        for fact in log:
            if fact.said is not None:
                by_key[fact.said[0]].append((stream, fact))
    for key, found in by_key.items():
        if len(found) > 1:
            where = ", ".join(f"{stream}/{fact.seq}" for stream, fact in found)
            findings["duplicated"].append(f"{key} is stored as {where}")
    known = {send.key for send in sends}
    for key, found in by_key.items():
        if key not in known:
            findings["phantom"].append(f"nobody sent {found[0][0]}/{found[0][1].seq}")
    for send in sends:
        if len(set(send.answers)) > 1:
            findings["duplicated"].append(f"{send.key} was acknowledged as {send.answers}")
        found = by_key.get(send.key, [])
        if send.outcome == "failed" and found:
            findings["phantom"].append(f"{send.key} was refused, and is stored as {found[0][0]}/{found[0][1].seq}")
        if send.outcome == "ok" and not any(_is(send, stream, fact) for stream, fact in found):
            findings["lost"].append(f"{send.key} was acknowledged as room:{send.room}/{send.seq}, and is not there")
        elif send.outcome == "unknown" and any(fact.said and fact.said[1] != send.body for _, fact in found):
            findings["phantom"].append(f"{send.key} is stored with other words")


def _is(send: Send, stream: str, fact: Fact) -> bool:
    return (
        stream == f"room:{send.room}"
        and fact.seq == send.seq
        and fact.said is not None
        and fact.said[1] in (send.body, "")
    )


def _stays(members: set[str], log: list[Fact]) -> dict[str, list[tuple[int, int | None]]]:
    """User → from which number to which they were in the room; None: still."""
    stays: dict[str, list[tuple[int, int | None]]] = {user: [(0, None)] for user in members}
    for fact in log:
        if fact.user is None:
            continue
        mine = stays.setdefault(fact.user, [])
        if fact.type == "member.joined" and not (mine and mine[-1][1] is None):
            mine.append((fact.seq, None))
        elif fact.type == "member.left" and mine and mine[-1][1] is None:
            mine[-1] = (mine[-1][0], fact.seq)
    return stays


def _check_heard(
    journal: Journal,
    stream: str,
    runs: list[tuple[int, list[Fact]]],
    log: list[Fact],
    stays: dict[str, list[tuple[int, int | None]]],
    findings: Findings,
) -> None:
    mine = stays.get(journal.user, [])
    times: Counter[int] = Counter()
    for begun, facts in runs:
        position = begun
        for fact in facts:
            where = f"{journal.user} at {stream}/{fact.seq}"
            times[fact.seq] += 1
            if not any(start <= fact.seq <= (end if end is not None else fact.seq) for start, end in mine):
                findings["leaked"].append(where)
            if fact.seq <= position:
                kind: Kind = "duplicated" if times[fact.seq] > 1 else "out of order"
                findings[kind].append(f"{where}, after {position}")
            elif fact.seq > position + 1:
                findings["lost"].append(f"{where}: nothing between {position} and it")
            position = max(position, fact.seq)
            stored = log[fact.seq - 1] if fact.seq <= len(log) else None
            if stored is None or not _same(fact, stored):
                findings["phantom"].append(f"{where}: heard {fact}, stored is {stored}")
    if runs and mine and mine[-1][1] is None and _end(runs) < len(log):
        findings["lost"].append(f"{journal.user} has heard {stream} up to {_end(runs)} of {len(log)}")


def _same(heard: Fact, stored: Fact) -> bool:
    """A deleted message keeps its number and loses its words."""
    if stored.said is not None and heard.said is not None and "" in (stored.said[1], heard.said[1]):
        return heard.said[0] == stored.said[0]
    return heard == stored


def _end(runs: list[tuple[int, list[Fact]]]) -> int:
    begun, facts = runs[-1]
    return facts[-1].seq if facts else begun
