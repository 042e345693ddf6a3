"""The history of one room, batch by batch."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final

from django.db import transaction

from chat.models import Imported, Room
from chat.operations.importing import completing
from chat.operations.importing.batch import Batch
from chat.operations.importing.items import Item, Place, Said
from chat.operations.importing.known import Known
from chat.operations.importing.parts import parts
from chat.operations.importing.people import People
from chat.operations.importing.sending import Files
from chat.operations.importing.stays import Stays
from chat.operations.importing.tally import Tally
from chat.streams import log

_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)


class History:
    """Takes the items of one room in their order. Each batch is one transaction; what was imported before is left out.
    Files that cannot be taken in go to `complain`, a line for each.

    Stopped at any point and begun again, it ends as if it had never been stopped.
    """

    def __init__(self, room: Room, place: Place, people: People, tally: Tally, complain: Callable[[str], None]) -> None:
        self._tally = tally
        self._room = room
        self._place = place
        self._people = people
        self._key = {"source": people.source, "external_id": place.id}
        self._known = Known(place, people)
        self._files = Files(people, self._known, tally, complain)
        self._replied: set[int] = set()
        self._last_before = completing.last_message(room)
        with transaction.atomic(), log.adding([room.pk]) as additions:
            if Imported.objects.get(**self._key).position is None:
                stays = Stays(room)
                for user in people.users(sorted(place.present)):
                    stays.join(user, place.created_at, additions)
                stays.write()
                self._move_to(_BEGINNING)

    def add(self, items: Sequence[Item]) -> None:
        if not items:
            return
        items = self._files.bring(items)
        with transaction.atomic(), log.adding([self._room.pk]) as additions:
            # Read only now, with the stream locked: another import of the same archive may run.
            position = Imported.objects.get(**self._key).position or _BEGINNING
            known = self._known.among([item for item in items if isinstance(item, Said) and item.at <= position])
            new = [item for item in items if isinstance(item, Said) and item.id not in known]
            batch = Batch(self._room, self._people, self._known, self._tally, new, additions)
            for item in items:
                if isinstance(item, Said):
                    for part in parts(item):
                        if item.id in known:
                            self._tally.repeated += 1
                        else:
                            batch.say(part)
                            self._tally.posted += 1
                elif item.at > position:
                    batch.move(item)
            batch.write()
            self._move_to(max(position, items[-1].at))
        self._replied |= batch.replied

    def complete(self) -> None:
        """Leaves the room as its archive says it ended: who is in it, all of it read, archived or not."""
        completing.complete(self._room, self._place, self._people, self._known, self._last_before, self._replied)

    def _move_to(self, position: datetime) -> None:
        Imported.objects.filter(**self._key).update(position=position)
