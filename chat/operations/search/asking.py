"""From what somebody types into a search to what is looked for."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Final

from chat.models import Room, User
from chat.models.search import NO_END, Term, Wanted, entry_id
from chat.operations.search.dates import period
from chat.operations.search.words import term
from chat.protocol.errors import BadRequest, NotFound

QUERY_CHARACTERS: Final = 400
KINDS: Final = ("link", "file", "code")
"""What a message may be asked to have."""

_PIECE: Final = re.compile(
    r'(?P<minus>-)?(?:(?P<operator>from|in|before|after|on|has):)?(?:"(?P<quoted>[^"]*)"?|(?P<word>\S+))', re.IGNORECASE
)
_QUOTES: Final = str.maketrans("“”„«»", '"""""')


@dataclass
class _Reading:
    """What was read so far. `rooms`: id → the room, of those in which is looked."""

    user: User
    rooms: dict[int, Room]
    terms: list[Term] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)
    unwanted: list[Term] = field(default_factory=list)
    named: set[int] = field(default_factory=set)
    since: int = 0
    until: int = NO_END
    dated: bool = False

    def word(self, text: str, *, exact: bool, minus: bool) -> None:
        if (found := term(text, exact=exact)) is not None:
            (self.unwanted if minus else self.terms).append(found)

    def fact(self, fact: str, *, minus: bool) -> None:
        if minus:
            self.unwanted.append(Term((fact,)))
        else:
            self.facts.append(fact)

    def operator(self, name: str, value: str, *, minus: bool) -> None:
        match name:
            case "from":
                self.fact(f"from={self.user.pk if value == 'me' else _person(value, 'from').pk}", minus=minus)
            case "has":
                if value.lower().removesuffix("s") not in KINDS:
                    raise BadRequest(f"has takes one of: {', '.join(KINDS)}", field="has")
                self.fact(f"has={value.lower().removesuffix('s')}", minus=minus)
            case "in":
                room = self._room(value)
                if minus:
                    del self.rooms[room]
                else:
                    self.named.add(room)
            case _:
                if minus:
                    raise BadRequest(f"{name} takes no minus", field=name)
                self.date(name, value)

    def date(self, name: str, value: str) -> None:
        days, self.dated = period(value, name), True
        if name in ("after", "on"):
            self.since = max(self.since, entry_id(days.end if name == "after" else days.start))
        if name in ("before", "on"):
            self.until = min(self.until, entry_id(days.start if name == "before" else days.end))

    def _room(self, name: str) -> int:
        if name.startswith("@"):
            key = Room.direct_key_of(self.user.pk, _person(name, "in").pk)
            found: list[int] = [room.pk for room in self.rooms.values() if room.direct_key == key]
        else:
            plain = name.removeprefix("#").casefold()
            found = [pk for pk, room in self.rooms.items() if plain in (room.slug, room.name.casefold())]
        if not found:
            raise NotFound(f"you are in no room {name}", field="in")
        return found[0]


def _person(name: str, field: str) -> User:
    user: User | None = User.objects.named(name.removeprefix("@")).first()
    if user is None:
        raise NotFound(f"nobody is called {name}", field=field)
    return user


def wanted(
    user: User, query: str, *, room: int | None = None, sender: int | None = None, **operators: str | None
) -> Wanted:
    """What `query` asks for in the rooms of `user`. `room`, `sender` and `operators` narrow it further, like those in
    its text.

    Raises:
        BadRequest: a date or `has` that is none, nothing to look for, or too much.
        NotFound: `from` or `in` names nobody, or no room of theirs.
    """
    if len(query) > QUERY_CHARACTERS:
        raise BadRequest(f"q has {len(query):,} characters, {QUERY_CHARACTERS} are the most", field="q")
    reading = _Reading(user, {room.pk: room for room in Room.objects.of_member(user)})
    for piece in _PIECE.finditer(query.translate(_QUOTES)):
        quoted = piece["quoted"]
        value, minus = piece["word"] if quoted is None else quoted, piece["minus"] is not None
        if piece["operator"]:
            reading.operator(piece["operator"].lower(), value, minus=minus)
        else:
            reading.word(value, exact=quoted is not None, minus=minus)
    for name, given in operators.items():
        if given is not None:
            reading.operator(name, given, minus=False)
    if room is not None:
        if room not in reading.rooms:
            raise NotFound("you are in no such room", field="room")
        reading.named.add(room)
    if sender is not None:
        reading.fact(f"from={sender}", minus=False)
    return _checked(reading)


def _checked(reading: _Reading) -> Wanted:
    narrowed: Any = reading.terms or reading.facts or reading.named or reading.dated
    if not narrowed:
        raise BadRequest("say what to look for: a word, or a part of one", field="q")
    if reading.unwanted and not (reading.terms or reading.facts):
        raise BadRequest("say also what to look for", field="q")
    rooms: Collection[int] = reading.named & reading.rooms.keys() if reading.named else reading.rooms.keys()
    return Wanted(
        rooms=frozenset(rooms),
        terms=tuple(reading.terms),
        facts=tuple(reading.facts),
        unwanted=tuple(reading.unwanted),
        since=reading.since,
        until=reading.until,
    )
