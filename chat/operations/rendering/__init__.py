"""From what people type to HTML that is safe to put on a page, once, on the server."""

from chat.operations.rendering.full import full
from chat.operations.rendering.mentions import People, Rendered, nobody
from chat.operations.rendering.plain import plain
from chat.operations.rendering.words import words

__all__ = ["People", "Rendered", "full", "plain", "render", "words"]


def render(body: str, *, people: People = nobody) -> Rendered:
    """The HTML of `body`, which is Markdown, and the ids of the people whom it mentions.

    `people` is asked at most once, and only when something looks like a mention. Whom it does not know stays text.
    """
    return plain(body, people=people) or full(body, people=people)
