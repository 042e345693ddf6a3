"""What is sent to an incoming webhook: ours is `{"text": Markdown}`, and Slack's is taken as well.

https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from chat.operations.slack.mrkdwn import Names, to_markdown
from chat.protocol.errors import BadRequest

SLACKS: Final = frozenset(
    {"attachments", "blocks", "channel", "icon_emoji", "icon_url", "link_names", "mrkdwn", "username"}
)
DIVIDER: Final = "---"
_SLACK_LINK: Final = re.compile(r"<(?:https?://|mailto:|[@#!])[^<>\s|]*(?:\|[^<>]*)?>")
_NOBODY: Final = Names(user=lambda _: None, channel=lambda _: None)


def body_of(payload: Mapping[str, Any]) -> str:
    """The message as Markdown. Raises BadRequest when there is nothing in it to say."""
    text = payload.get("text", "")
    if not isinstance(text, str):
        raise BadRequest("text is a string", field="text")
    if not SLACKS & payload.keys() and not _SLACK_LINK.search(text):
        return text
    parts = [part for part in _blocks(payload.get("blocks")) if part.strip()] or [text]
    for attachment in _objects(payload.get("attachments")):
        parts += _attachment(attachment)
    said = [part if part == DIVIDER else to_markdown(part.strip(), _NOBODY) for part in parts if part.strip()]
    if not said:
        raise BadRequest("there is nothing to say: send text, blocks or attachments", field="text")
    return "\n\n".join(said)


def _attachment(attachment: Mapping[str, Any]) -> Iterator[str]:
    """Pretext, title, text and fields; the fallback when there is none of them."""
    nested = [*_blocks(attachment.get("blocks"))]
    title, link = _text(attachment.get("title")), _text(attachment.get("title_link"))
    head = (
        f"*<{link}|{title}>*" if title and re.fullmatch(r"https?://[^<>|\s]+", link) else f"*{title}*" if title else ""
    )
    fields = "\n".join(
        f"*{_text(field.get('title'))}* {_text(field.get('value'))}".strip()
        for field in _objects(attachment.get("fields"))
    )
    found = [_text(attachment.get("pretext")), head, _text(attachment.get("text")), fields, *nested]
    yield from [part for part in found if part] or [_text(attachment.get("fallback"))]


def _blocks(blocks: Any) -> Iterator[str]:
    for block in _objects(blocks):
        match block.get("type"):
            case "header":
                yield f"*{_text(block.get('text'))}*"
            case "divider":
                yield DIVIDER
            case "image":
                yield f"<{_text(block.get('image_url'))}|{_text(block.get('alt_text')) or 'image'}>"
            case "section":
                yield "\n".join(filter(None, [_text(block.get("text")), *map(_text, _objects(block.get("fields")))]))
            case "context":
                yield " ".join(filter(None, map(_text, _objects(block.get("elements")))))
            case "rich_text":
                yield "".join(_rich(block))


def _rich(element: Mapping[str, Any]) -> Iterator[str]:
    """The words of a rich text, whatever stands around them."""
    for inner in _objects(element.get("elements")):
        if inner.get("type") == "link":
            yield f"<{_text(inner.get('url'))}|{_text(inner.get('text')) or _text(inner.get('url'))}>"
        elif "elements" in inner:
            yield from _rich(inner)
            yield "\n"
        else:
            yield _text(inner.get("text"))


def _text(value: Any) -> str:
    """A string, or the text of a text object: `{"type": "mrkdwn", "text": …}`."""
    if isinstance(value, Mapping):
        value = value.get("text")
    return value if isinstance(value, str) else ""


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []
