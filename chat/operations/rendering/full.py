"""The whole way: parsed, marked up, cleaned."""

import re
from typing import Any, Final

from chat.operations.rendering.clean import clean
from chat.operations.rendering.code import Budget
from chat.operations.rendering.markdown import parser
from chat.operations.rendering.mentions import People, Rendered, Rooms, nobody, nowhere, told
from chat.operations.rendering.plain import escape, split_action

# No operation lets them pass; here they only must do no harm.
_UNWRITABLE: Final = re.compile("[\x00\ud800-\udfff]")
_VISIBLE: Final = re.compile(r"(?:\A|>)[^<>]*[^<>\s]|<hr>")


def full(body: str, *, people: People = nobody, rooms: Rooms = nowhere) -> Rendered:
    """What `render` gives, without a short cut."""
    text, opening = split_action(_UNWRITABLE.sub("\ufffd", body))
    env: dict[str, Any] = {"people": people, "rooms": rooms, "marks": [], "budget": Budget()}
    markdown = parser(text)
    if opening == "<p>":
        html = markdown.render(text, env).strip()
    else:
        html = f"{opening}{markdown.renderInline(text, env)}</p>"
    html = clean(html)
    if not _VISIBLE.search(html.replace("&nbsp;", "")):
        # All of it was markup around nothing, as in "#" or ">": then it was meant as it stands.
        html = clean(f"{opening}{escape(text.strip())}</p>")
    return told(env["marks"], html)
