"""From an archive into Parley: people, then room by room and day by day."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Final

from chat.management.slack import lists
from chat.management.slack.archive import Archive, Broken
from chat.management.slack.entries import JOINS, LEAVES, Author, Entry, Unusable, parse
from chat.models import Room
from chat.operations.importing import History, Item, Joined, Left, People, Person, Place, Said, bring_room
from chat.operations.importing.statistics import gather
from chat.operations.slack.mrkdwn import Names, tidy, to_markdown

BATCH: Final = 1_000
"""Messages in one transaction."""

Progress = Callable[[int, int], None]
"""Told of bytes read and messages imported since the last time."""


@dataclass(slots=True)
class Summary:
    people: int = 0
    matched: int = 0
    rooms: int = 0
    messages: int = 0
    repeated: int = 0
    empty: int = 0
    unknown: Counter[str] = field(default_factory=Counter)
    problems: int = 0


def transfer(archive: Archive, complain: Callable[[str], None], progress: Progress) -> Summary:
    """Imports all that is usable; what is not goes to `complain`, a line for each."""
    return _Transfer(archive, complain, progress).run()


class _Transfer:
    def __init__(self, archive: Archive, complain: Callable[[str], None], progress: Progress) -> None:
        self.summary = Summary()
        self._archive = archive
        self._report = complain
        self._progress = progress
        self._people = People(f"slack:{lists.team(archive) or 'unnamed'}")

    def run(self) -> Summary:
        self._people.bring(lists.people(self._archive, self._complain))
        places = lists.places(self._archive, self._complain)
        channels = {place.id: place.name for _, place in places}
        self._names = Names(user=self._username, channel=channels.get)
        for folder, place in places:
            self._room(folder, place)
        gather()
        self.summary.people, self.summary.matched = self._people.made, self._people.matched
        return self.summary

    def _complain(self, problem: str) -> None:
        self.summary.problems += 1
        self._report(problem)

    def _username(self, key: str) -> str | None:
        user = self._people.get(key)
        return None if user is None else user.username

    def _room(self, folder: str, place: Place) -> None:
        if place.name.startswith("mpdm-"):
            place = replace(
                place, name=", ".join(sorted(user.display_name for user in self._people.users(place.members)))
            )
        room = bring_room(place, self._people)
        if room is None:
            self._complain(f"{folder}/: a talk of people who are not all in users.json, left out")
            return
        self.summary.rooms += 1
        history = History(room, replace(place, present=self._present(folder, place)), self._people)
        batch: list[Item] = []
        for name in self._archive.days(folder):
            for item in self._day(name, room):
                batch.append(item)
                if len(batch) == BATCH:
                    self._add(history, batch)
                    batch = []
            self._progress(self._archive.size(name), 0)
        self._add(history, batch)
        history.complete()
        self.summary.messages += history.posted
        self.summary.repeated += history.repeated

    def _add(self, history: History, batch: list[Item]) -> None:
        before = history.posted
        history.add(batch)
        self._progress(0, history.posted - before)

    def _present(self, folder: str, place: Place) -> frozenset[str]:
        """Who was in the room before its first day: those of whom no entry says that they came, or only later."""
        first: dict[str, str] = {}
        for name in self._archive.days(folder):
            for author, kind in self._moves(name):
                first.setdefault(author, kind)
        came = {key for key, kind in first.items() if kind == "joined"}
        return (place.members | first.keys()) - came

    def _moves(self, name: str) -> Iterator[tuple[str, str]]:
        """Who came or went on a day. What is broken in it is told of when it is imported."""
        with suppress(Broken):
            for raw in self._archive.entries(name):
                if isinstance(raw, dict) and raw.get("subtype") in JOINS | LEAVES:
                    with suppress(Unusable):
                        if entry := parse(raw):
                            yield entry.author.id, entry.kind

    def _day(self, name: str, room: Room) -> Iterator[Item]:
        entries = sorted(self._entries(name, self._complain), key=lambda numbered: numbered[1].at)
        for _, entry in entries:
            self._meet(entry.author)
            if entry.kind != "said":
                yield (Joined if entry.kind == "joined" else Left)(entry.author.id, entry.at)
                continue
            if entry.unknown_subtype:
                self.summary.unknown[entry.unknown_subtype] += 1
            body = "" if entry.deleted else self._body(entry)
            if body or entry.deleted:
                yield Said(
                    id=entry.ts,
                    by=entry.author.id,
                    at=entry.at,
                    body=body,
                    thread=entry.thread,
                    edited_at=entry.edited_at,
                    deleted=entry.deleted,
                    extra=self._extra(entry),
                )
            else:
                self.summary.empty += 1

    def _entries(self, name: str, complain: Callable[[str], None]) -> Iterator[tuple[int, Entry]]:
        try:
            raws = self._archive.entries(name)
        except Broken as error:
            complain(str(error))
            return
        for number, raw in enumerate(raws, 1):
            try:
                entry = parse(raw)
            except Unusable as error:
                complain(f"{self._archive.shown(name)}: entry {number}: {error}")
            else:
                if entry is not None:
                    yield number, entry

    def _meet(self, author: Author) -> None:
        """Somebody of whom users.json does not know: a bot, or a guest from another workspace."""
        if author.id not in self._people:
            name = tidy(author.name or author.id)
            self._people.bring([Person(author.id, username=name, name=name, is_bot=author.is_bot)])

    def _body(self, entry: Entry) -> str:
        body = to_markdown(entry.text, self._names).strip()
        return f"/me {body}" if body and entry.action else body

    def _extra(self, entry: Entry) -> dict[str, Any] | None:
        """Reactions as {emoji name: [our ids]}."""
        if entry.extra is None:
            return None
        reactions = {
            tidy(emoji): [user.pk for user in self._people.users(users)]
            for emoji, users in entry.extra["reactions"].items()
        }
        return {"reactions": reactions}
