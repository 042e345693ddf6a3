"""`users.json` and the lists of rooms, as people and places."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final

from chat.management.slack.archive import Archive, Broken
from chat.management.slack.entries import Unusable, moment
from chat.operations.importing import Person, Pinned, Place
from chat.operations.slack.literal import unescape

# A folder is called by the name of its room, that of a direct one by its id.
_LISTS: Final = {"channels.json": "open", "groups.json": "private", "mpims.json": "private", "dms.json": "direct"}

Complain = Callable[[str], None]


def people(archive: Archive, complain: Complain) -> list[Person]:
    found = []
    for number, raw in _entries(archive, "users.json", complain):
        try:
            found.append(_person(raw))
        except Unusable as error:
            complain(f"users.json: entry {number}: {error}")
    return found


def team(archive: Archive) -> str:
    """The id of the workspace that was exported, empty if no user tells."""
    try:
        ids = (raw.get("team_id") for raw in archive.table("users.json") if isinstance(raw, dict))
        return next((one for one in ids if isinstance(one, str) and one), "")
    except Broken:
        return ""


def places(archive: Archive, complain: Complain) -> list[tuple[str, Place]]:
    """Each room with the name of its folder."""
    found = []
    for name, kind in _LISTS.items():
        for number, raw in _entries(archive, name, complain):
            try:
                place = _place(raw, kind)
            except Unusable as error:
                complain(f"{name}: entry {number}: {error}")
            else:
                found.append((place.id if kind == "direct" else place.name, place))
    listed = {folder for folder, _ in found}
    for folder in archive.folders:
        if folder not in listed:
            complain(f"{folder}/: in no list of rooms, left out")
    return found


def _entries(archive: Archive, name: str, complain: Complain) -> Iterator[tuple[int, Any]]:
    if name in ("users.json", "channels.json") and not archive.has(name):
        complain(f"{name}: missing")
    try:
        yield from enumerate(archive.table(name), 1)
    except Broken as error:
        complain(str(error))


def _person(raw: Any) -> Person:
    if not isinstance(raw, dict):
        raise Unusable("not an object")
    profile = raw.get("profile") if isinstance(raw.get("profile"), dict) else {}
    assert isinstance(profile, dict)
    key = _required(raw, "id")
    display = _text(profile.get("display_name"))
    return Person(
        id=key,
        username=_text(raw.get("name")) or display or key,
        name=_text(profile.get("real_name")) or _text(raw.get("real_name")) or display,
        email=_text(profile.get("email")),
        time_zone=_text(raw.get("tz")),
        is_bot=raw.get("is_bot") is True or key == "USLACKBOT",
        active=raw.get("deleted") is not True,
    )


def _place(raw: Any, kind: str) -> Place:
    if not isinstance(raw, dict):
        raise Unusable("not an object")
    topics = [value.get("value") for name in ("topic", "purpose") if isinstance(value := raw.get(name), dict)]
    members = raw.get("members")
    return Place(
        id=_required(raw, "id"),
        kind=kind,
        name="" if kind == "direct" else _required(raw, "name"),
        created_at=moment(raw["created"], "created") if "created" in raw else datetime.now(UTC),
        topic=unescape(next((topic for topic in map(_text, topics) if topic), "")),
        creator=_text(raw.get("creator")),
        members=frozenset(filter(None, map(_text, members))) if isinstance(members, list) else frozenset(),
        archived=raw.get("is_archived") is True,
        pins=tuple(_pins(raw.get("pins"))),
    )


def _pins(raws: Any) -> Iterator[Pinned]:
    """What was pinned; what is no message, or says too little, is left out."""
    for raw in raws if isinstance(raws, list) else ():
        if not isinstance(raw, dict):
            continue
        message, by = _text(raw.get("id")), _text(raw.get("user")) or _text(raw.get("owner"))
        with suppress(Unusable):
            at = moment(raw.get("created", message), "created")
            if message and by:
                yield Pinned(message, by, at)


def _required(raw: dict[str, Any], field: str) -> str:
    value = _text(raw.get(field))
    if not value:
        raise Unusable(f'no "{field}"')
    return value


def _text(value: Any) -> str:
    return value.strip().encode(errors="replace").decode() if isinstance(value, str) else ""
