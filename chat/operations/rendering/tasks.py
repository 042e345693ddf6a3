"""`- [ ] to do` and `- [x] done`: items of a list with a box that is only looked at."""

import re
from collections.abc import Sequence
from typing import Final

from markdown_it.token import Token

_BOX: Final = re.compile(r"\[([ xX])\] +")


def mark_tasks(tokens: Sequence[Token]) -> None:
    """Puts boxes for what begins the items of lists among these tokens."""
    for item, paragraph, inline in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if (item.type, paragraph.type, inline.type) == ("list_item_open", "paragraph_open", "inline"):
            _mark(item, inline)


def _mark(item: Token, inline: Token) -> None:
    children = inline.children or []
    box = _BOX.match(children[0].content) if children and children[0].type == "text" else None
    if box is None:
        return
    item.attrs["class"] = "task"
    children[0].content = children[0].content[box.end() :]
    done: dict[str, str | int | float] = {} if box[1] == " " else {"checked": ""}
    children.insert(0, Token("task_box", "input", 0, attrs={"type": "checkbox", "disabled": "", **done}))
    children.insert(1, Token("text", "", 0, content=" "))
