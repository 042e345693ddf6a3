"""What an entry holds: its words, and what hangs on it."""

import re
from dataclasses import dataclass
from typing import Any, Final

from chat.management.slack.reading import first_text, items, mapping
from chat.operations.files.names import safe_name
from chat.operations.slack.literal import LABEL, escape, escape_start

_ADDRESS: Final = re.compile(r"https?://[^\s<>|\x00-\x1f\ud800-\udfff]{1,2000}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Attached:
    """A file, which is in the archive or only told of. `url` is empty where nobody can open it."""

    id: str
    name: str
    url: str

    @property
    def line(self) -> str:
        """In Markdown: a link, or else the name alone."""
        label = safe_name(self.name) if self.name else "a file" if self.url else "(a deleted file)"
        return f"[{escape(label, LABEL)}](<{self.url}>)" if self.url else escape_start(escape(label))


def attachments(raw: dict[str, Any]) -> str:
    """In mrkdwn: what stands in for the text of an entry that has none."""
    parts = [_attachment(mapping(attachment)) for attachment in items(raw.get("attachments"))]
    return "\n".join(part for part in parts if part)


def files(raw: dict[str, Any]) -> list[Attached]:
    if "files" not in raw and "file" not in raw:
        return []
    found = items(raw.get("files"))
    if not found and isinstance(raw.get("file"), dict):
        found = [raw["file"]]
    return [_attached(mapping(file)) for file in found]


def reactions(raw: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """Names of emoji with ids of people, as in the archive."""
    if "reactions" not in raw:
        return []
    return [
        (name, [user for user in items(reaction.get("users")) if isinstance(user, str)])
        for reaction in map(mapping, items(raw.get("reactions")))
        if isinstance(name := reaction.get("name"), str)
    ]


def _attachment(attachment: dict[str, Any]) -> str:
    title, url = first_text(attachment.get("title")), first_text(attachment.get("title_link"))
    head = f"<{url}|{title}>" if url and title and not re.search(r"[<>|\s]", url) else title
    lines = (first_text(attachment.get("pretext")), head, first_text(attachment.get("text")))
    return "\n".join(line for line in lines if line) or first_text(attachment.get("fallback"))


def _attached(file: dict[str, Any]) -> Attached:
    addresses = (first_text(file.get(name)) for name in ("permalink", "url_private"))
    return Attached(
        id=first_text(file.get("id")),
        name=first_text(file.get("name"), file.get("title")),
        url=next((url for url in addresses if _ADDRESS.fullmatch(url)), ""),
    )
