"""`@name`, `@room` and `#room` in a text: found, asked for, and marked up."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Final, Literal, NamedTuple
from urllib.parse import quote

from chat.models import names

# User name keys → ids of those that exist.
People = Callable[[Collection[str]], Mapping[str, int]]
# Keys of slugs → slugs of those that anybody may see.
Rooms = Callable[[Collection[str]], Mapping[str, str]]
Everybody = Literal["room", "here"]

# How many different names of one message are looked up; the rest stays text.
MENTIONS_MAX: Final = 100
EVERYBODY: Final[Mapping[str, Everybody]] = {"room": "room", "here": "here"}
"""Names that stand for all who are in the room, or there just now, unless a person is called that."""

_NAME: Final = re.compile(r"(?<![\w@#./-])([@#])(\w(?:[\w.-]*[\w-])?)")


class Rendered(NamedTuple):
    """`mentioned` are ids of people. `everybody`: that all are mentioned, too, if that is allowed."""

    html: str
    mentioned: tuple[int, ...] = ()
    everybody: Everybody | None = None


class Mark(NamedTuple):
    """What stands for somebody or something: an element with these attributes around `text`."""

    tag: str
    attributes: Mapping[str, str]
    text: str


class Names(NamedTuple):
    """What the names in some texts stand for, by their keys."""

    people: Mapping[str, int]
    rooms: Mapping[str, str]
    everybody: bool

    def mark(self, sign: str, name: str, key: str) -> Mark | None:
        if sign == "#":
            slug = self.rooms.get(key)
            return None if slug is None else Mark("a", {"class": "room-link", "href": address(slug)}, f"#{name}")
        if key in self.people:
            return Mark("span", {"class": "mention", "data-user": str(self.people[key])}, f"@{name}")
        if self.everybody and key in EVERYBODY:
            return Mark("span", {"class": "mention", "data-everybody": EVERYBODY[key]}, f"@{name}")
        return None


def address(slug: str) -> str:
    """Of a room's page."""
    return f"/rooms/{quote(slug)}/"


def nobody(keys: Collection[str]) -> Mapping[str, int]:
    """The `People` of a place where nobody is."""
    return {}


def nowhere(keys: Collection[str]) -> Mapping[str, str]:
    """The `Rooms` of a place that has none."""
    return {}


def look_up(texts: Iterable[str], people: People, rooms: Rooms) -> Names | None:
    """What `texts` may mean; None when there is no name in them, or nobody is anywhere."""
    asked: dict[str, dict[str, None]] = {"@": {}, "#": {}}
    for sign, key in _keys(texts):
        asked[sign][key] = None
        if len(asked["@"]) + len(asked["#"]) == MENTIONS_MAX:
            break
    if not asked["@"] and not asked["#"]:
        return None
    found = people(asked["@"]) if asked["@"] else {}
    places = rooms(asked["#"]) if asked["#"] else {}
    return Names(found, places, everybody=people is not nobody)


def _keys(texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    for text in texts:
        for match in _NAME.finditer(text):
            for _, key in _readings(match[2]):
                yield match[1], key


def split(text: str, known: Names) -> Iterator[str | Mark]:
    """`text` in its order as plain parts and marks of what is known."""
    done = 0
    for match in _NAME.finditer(text):
        for name, key in _readings(match[2]):
            mark = known.mark(match[1], name, key)
            if mark is not None:
                if match.start() > done:
                    yield text[done : match.start()]
                yield mark
                done = match.start(2) + len(name)
                break
    if done < len(text):
        yield text[done:]


def told(marks: Iterable[Mark], html: str) -> Rendered:
    """What was rendered, with whom it mentions."""
    found: dict[int, None] = {}
    everybody: Everybody | None = None
    for mark in marks:
        if "data-user" in mark.attributes:
            found[int(mark.attributes["data-user"])] = None
        elif "data-everybody" in mark.attributes:
            kind = EVERYBODY[mark.attributes["data-everybody"]]
            everybody = "room" if "room" in (everybody, kind) else kind
    return Rendered(html, tuple(found), everybody)


def _readings(name: str) -> Iterator[tuple[str, str]]:
    """What somebody may have meant, with its key: `ada-` is Ada and a dash, unless there is an `ada-`."""
    yield name, names.key(name)
    shorter = name.rstrip("-_.")
    if shorter and shorter != name:
        yield shorter, names.key(shorter)
