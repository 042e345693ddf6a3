"""What an entry holds: its words, and what hangs on it."""

import re
from typing import Any

from chat.management.slack.reading import first_text, items, mapping


def text(raw: dict[str, Any]) -> str:
    """In mrkdwn: the text, or what the attachments say, and a line for each file."""
    said = raw.get("text") or ""
    parts = [said] if said else [_attachment(mapping(attachment)) for attachment in items(raw.get("attachments"))]
    files = items(raw.get("files"))
    if not files and isinstance(raw.get("file"), dict):
        files = [raw["file"]]
    parts += [_file(mapping(file)) for file in files]
    return "\n".join(part for part in parts if part)


def reactions(raw: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """Names of emoji with ids of people, as in the archive."""
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


def _file(file: dict[str, Any]) -> str:
    """A link: the file itself is not in the archive."""
    name = first_text(file.get("title"), file.get("name")).replace("|", "/")
    name = name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    url = first_text(file.get("permalink"), file.get("url_private"))
    if not url or re.search(r"[<>|\s]", url):
        return f"({name or 'a deleted file'})"
    return f"<{url.replace('&', '&amp;')}|{name or 'a file'}>"
