"""What an archive says was pinned in a room."""

from chat.models import Message, Room
from chat.operations.importing.items import Place
from chat.operations.importing.known import Known
from chat.operations.importing.people import People
from chat.operations.pins import PINS, tell_pinned
from chat.streams import log


def pin(room: Room, place: Place, people: People, known: Known, additions: log.Additions) -> None:
    """Pins what was imported and is not pinned yet, the last pinned of too many."""
    wanted = {known.message_id(pinned.message): pinned for pinned in place.pins if pinned.by in people}
    if not wanted:
        return
    # One look through the room: by the client id alone no index finds a message.
    rows = Message.objects.in_room(room).filter(client_id__in=list(wanted), deleted_at=None, pinned__isnull=True)
    found = sorted(rows, key=lambda message: wanted[message.client_id].at)
    free = max(0, PINS - Message.objects.pinned_in(room.pk).count())
    for message in found[len(found) - min(free, len(found)) :]:
        pinned = wanted[message.client_id]
        tell_pinned(message, people[pinned.by].pk, pinned.at, additions, on=True)
