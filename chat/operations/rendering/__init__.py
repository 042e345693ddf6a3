"""From what people type to HTML that is safe to put on a page, once, on the server."""

from chat.models import Room, User
from chat.operations.rendering.full import full
from chat.operations.rendering.mentions import Everybody, People, Rendered, Rooms, nobody, nowhere
from chat.operations.rendering.plain import plain
from chat.operations.rendering.words import words

__all__ = ["Everybody", "People", "Rendered", "Rooms", "full", "plain", "render", "render_here", "words"]


def render(body: str, *, people: People = nobody, rooms: Rooms = nowhere) -> Rendered:
    """The HTML of `body`, which is Markdown, and the ids of the people whom it mentions.

    `people` and `rooms` are asked at most once, and only when something looks like a name of theirs. Whom and what they
    do not know stays text.
    """
    return plain(body, people=people, rooms=rooms) or full(body, people=people, rooms=rooms)


def render_here(body: str) -> Rendered:
    """`render` with the people and the open rooms of this place."""
    return render(body, people=User.objects.ids_by_key, rooms=Room.objects.open_slugs)
