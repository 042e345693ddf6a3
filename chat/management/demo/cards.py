"""What stands behind the links of the demo: nobody is asked for it, for these addresses lead nowhere."""

from typing import Final

from chat.management.demo.pictures import crossing
from chat.models import Message
from chat.operations.previews import showing
from chat.operations.previews.images import small
from chat.operations.previews.links import links
from chat.operations.previews.looking import Look
from chat.operations.previews.tasks import preview_of

_PAGES: Final = {
    "https://skargardsbladet.example/vintertabell": (
        "A timetable that works where the network does not",
        "Seven people, 212 piers, and a phone with a cracked screen: how the winter boats came into every pocket.",
        "Skärgårdsbladet",
    ),
    "https://git.tidewater.example/boards/pulls/812": (
        "Boards: a file has an age, not only a signature",
        "Older than 26 hours is stale, and the board says so. Closes 809.",
        "Tidewater Git",
    ),
}
_PICTURED: Final = "https://skargardsbladet.example/vintertabell"


def show_cards(message_id: int) -> None:
    """As if each link of the message had been fetched."""
    urls = links(Message.objects.get(pk=message_id).html)
    looks = {url: Look(*_PAGES[url], small(crossing()) if url == _PICTURED else None) for url in urls}
    showing.show(message_id, [preview_of(url, look) for url, look in looks.items()])
