"""From an archive into Parley: people, then room by room and day by day."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from typing import Final

from chat.management.slack import lists
from chat.management.slack.archive import Archive, Broken
from chat.management.slack.entries import Author, Entry, Unusable, parse
from chat.management.slack.glance import glance
from chat.management.slack.sent import sent
from chat.management.slack.summary import Summary
from chat.operations.importing import History, Item, Joined, Left, People, Person, Place, Said, bring_room
from chat.operations.importing.statistics import gather
from chat.operations.slack.mrkdwn import Names, tidy, to_markdown
from chat.protocol.limits import NAME_CHARACTERS

BATCH: Final = 1_000
"""Messages in one transaction."""

Progress = Callable[[int, int], None]
"""Told of bytes read and messages imported since the last time."""


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
        seen = glance(self._archive, folder, place.members)
        history = History(room, replace(place, present=seen.present), self._people, self.summary.tally, self._complain)
        batch: list[Item] = []
        for name in self._archive.days(folder):
            for item in self._day(name, seen.roots):
                batch.append(item)
                if len(batch) == BATCH:
                    self._add(history, batch)
                    batch = []
            self._progress(self._archive.size(name), 0)
        self._add(history, batch)
        history.complete()

    def _add(self, history: History, batch: list[Item]) -> None:
        before = self.summary.tally.posted
        history.add(batch)
        self._progress(0, self.summary.tally.posted - before)

    def _day(self, name: str, roots: Collection[str]) -> Iterator[Item]:
        entries = sorted(self._entries(name, self._complain), key=lambda numbered: numbered[1].at)
        for _, entry in entries:
            self._meet(entry.author)
            if entry.kind != "said":
                yield (Joined if entry.kind == "joined" else Left)(entry.author.id, entry.at)
                continue
            if entry.unknown_subtype:
                self.summary.unknown[entry.unknown_subtype] += 1
            body = "" if entry.deleted else self._body(entry)
            if body or entry.deleted or entry.files:
                yield Said(
                    id=entry.ts,
                    by=entry.author.id,
                    at=entry.at,
                    body=body,
                    thread=entry.thread,
                    begins=entry.ts in roots,
                    broadcast=entry.broadcast,
                    edited_at=entry.edited_at,
                    deleted=entry.deleted,
                    reactions=[(tidy(name)[:NAME_CHARACTERS], users) for name, users in entry.reactions],
                    files=[sent(file, self._archive) for file in entry.files if not entry.deleted],
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
