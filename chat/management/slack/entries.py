"""One entry of a day's file: what somebody said, or that they came or went."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

from chat.management.slack import contents
from chat.management.slack.reading import first_text, mapping

_TS: Final = re.compile(r"(\d{1,10})(?:\.(\d{1,6}))?", re.ASCII)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

JOINS: Final = frozenset({"channel_join", "group_join"})
LEAVES: Final = frozenset({"channel_leave", "group_leave"})
# Bookkeeping about other entries, which the export repeats in those.
HIDDEN: Final = frozenset({"message_changed", "message_deleted", "message_replied"})
# Replies that were also sent to the room.
BROADCASTS: Final = frozenset({"thread_broadcast", "reply_broadcast"})
# "<@U1> set the channel's topic": Slack words them as what somebody did.
DEEDS: Final = frozenset(
    f"{place}_{deed}"
    for place in ("channel", "group")
    for deed in ("topic", "purpose", "name", "archive", "unarchive", "posting_permissions", "convert_to_private")
) | {"me_message", "pinned_item", "bot_add", "bot_remove", "reminder_add"}
SPEECH: Final = frozenset(
    {
        None,
        "bot_message",
        "file_comment",
        "file_mention",
        "file_share",
        "reply_broadcast",
        "slackbot_response",
        "thread_broadcast",
        "tombstone",
    }
)


class Unusable(Exception):
    """An entry that cannot be imported; the message says why."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who is behind an entry: an id of the archive and, where the entry tells, a name and whether it is a bot."""

    id: str
    name: str = ""
    is_bot: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """`ts` is Slack's id of the message within its room, `thread` that of the one to which it is a reply. `text` is
    mrkdwn."""

    kind: Literal["said", "joined", "left"]
    ts: str
    at: datetime
    author: Author
    text: str = ""
    action: bool = False
    thread: str | None = None
    broadcast: bool = False
    edited_at: datetime | None = None
    deleted: bool = False
    unknown_subtype: str | None = None
    reactions: Sequence[tuple[str, list[str]]] = ()
    files: Sequence[contents.Attached] = ()


def parse(raw: Any) -> Entry | None:
    """The entry; None for what tells nothing of its own. Raises Unusable."""
    if not isinstance(raw, dict):
        raise Unusable("not an object")
    if raw.get("type", "message") != "message":
        raise Unusable(f"type {str(raw['type'])[:40]!r}, not a message")
    subtype = raw.get("subtype")
    if subtype in HIDDEN or (raw.get("hidden") and subtype != "tombstone"):
        return None
    if "ts" not in raw:
        raise Unusable('no "ts"')
    ts, author = str(raw["ts"]), _author(raw)
    at = moment(raw["ts"], "ts")
    if subtype in JOINS or subtype in LEAVES:
        return Entry("joined" if subtype in JOINS else "left", ts, at, author)
    edited = raw.get("edited")
    return Entry(
        "said",
        ts,
        at,
        author,
        text=_text(raw, author),
        action=subtype in DEEDS,
        thread=root(raw),
        broadcast=subtype in BROADCASTS,
        edited_at=moment(edited["ts"], "edited.ts") if isinstance(edited, dict) and "ts" in edited else None,
        deleted=subtype == "tombstone",
        unknown_subtype=None if subtype in SPEECH or subtype in DEEDS else str(subtype)[:40],
        reactions=contents.reactions(raw),
        files=contents.files(raw),
    )


def root(raw: dict[str, Any]) -> str | None:
    """The `ts` of the message in whose thread an entry stands; None for what is no reply."""
    thread = raw.get("thread_ts")
    return str(thread) if isinstance(thread, str | int | float) and str(thread) != str(raw.get("ts")) else None


def moment(value: Any, field: str) -> datetime:
    """Slack's seconds since 1970, as text with six decimals, to the microsecond. Raises Unusable."""
    match = _TS.fullmatch(str(value))
    if match is None:
        raise Unusable(f'"{field}" is {str(value)[:40]!r}, not a time')
    return _EPOCH + timedelta(seconds=int(match[1]), microseconds=int((match[2] or "0").ljust(6, "0")))


def _author(raw: dict[str, Any]) -> Author:
    profile = mapping(raw.get("user_profile"))
    name = first_text(profile.get("name"), profile.get("display_name"), raw.get("username"))
    comment = mapping(raw.get("comment"))
    user = raw.get("user") or comment.get("user")
    if isinstance(user, str) and user:
        return Author(user, name, user == "USLACKBOT")
    bot = raw.get("bot_id")
    name = first_text(raw.get("username"), mapping(raw.get("bot_profile")).get("name"), bot)
    if isinstance(bot, str) and bot:
        return Author(bot, name, is_bot=True)
    if name:
        return Author(f"bot:{name[:80]}", name, is_bot=True)
    raise Unusable('no "user" and no "bot_id"')


def _text(raw: dict[str, Any], author: Author) -> str:
    said = raw.get("text") or ""
    if not isinstance(said, str):
        raise Unusable('"text" is not a text')
    if raw.get("subtype") in DEEDS:
        said = re.sub(rf"^<@{re.escape(author.id)}(?:\|[^<>]*)?> ", "", said)
    return said or contents.attachments(raw)
