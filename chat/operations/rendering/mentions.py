"""`@name` in a text: found, asked for, and marked up."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from chat.models import names

# User name keys → ids of those that exist.
People = Callable[[Collection[str]], Mapping[str, int]]

# How many different names of one message are looked up; the rest stays text.
MENTIONS_MAX: Final = 100

_MENTION: Final = re.compile(r"(?<![\w@./-])@(\w(?:[\w.-]*[\w-])?)")


class Rendered(NamedTuple):
    html: str
    mentioned: tuple[int, ...] = ()


class Mention(NamedTuple):
    user_id: int
    text: str


def nobody(keys: Collection[str]) -> Mapping[str, int]:
    """The `People` of a place where nobody is."""
    return {}


def look_up(texts: Iterable[str], people: People) -> Mapping[str, int]:
    """Keys → ids of the people whom `texts` may mention."""
    keys: dict[str, None] = {}
    for text in texts:
        for match in _MENTION.finditer(text):
            for _, key in _readings(match[1]):
                keys[key] = None
                if len(keys) == MENTIONS_MAX:
                    return people(keys)
    return people(keys) if keys else {}


def split(text: str, ids: Mapping[str, int]) -> Iterator[str | Mention]:
    """`text` in its order as plain parts and mentions of the people in `ids`."""
    done = 0
    for match in _MENTION.finditer(text):
        for name, key in _readings(match[1]):
            if key in ids:
                if match.start() > done:
                    yield text[done : match.start()]
                yield Mention(ids[key], f"@{name}")
                done = match.start(1) + len(name)
                break
    if done < len(text):
        yield text[done:]


def _readings(name: str) -> Iterator[tuple[str, str]]:
    """What somebody may have meant, with its key: `ada-` is Ada and a dash, unless there is an `ada-`."""
    yield name, names.key(name)
    shorter = name.rstrip("-_.")
    if shorter and shorter != name:
        yield shorter, names.key(shorter)
