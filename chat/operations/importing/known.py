"""Which messages of a room were imported before, and where those stand that others reply to."""

import uuid
from collections.abc import Iterable
from typing import Final

from chat.operations.importing.items import Place, Said
from chat.operations.importing.people import People
from chat.operations.lookups import known_posts

_NAMESPACE: Final = uuid.UUID("7a6a1d0e-52c7-4d6c-9d0b-0d5b3f1f6a10")


class Known:
    """`roots`: ids at the source → ids here, of the messages met so far that begin threads."""

    def __init__(self, place: Place, people: People) -> None:
        self.roots: dict[str, int] = {}
        self._place = place
        self._people = people

    def among(self, items: Iterable[Said]) -> set[str]:
        """The ids of those that were imported before. All parts of a message are stored in one transaction."""
        keys = {(self._people[said.by].pk, self.client_id(said)): said for said in items}
        if not keys:
            return set()
        found = known_posts(set(keys))
        self.roots |= {keys[key].id: message for key, (message, *_) in found.items() if keys[key].begins}
        return {keys[key].id for key in found}

    def client_id(self, said: Said) -> uuid.UUID:
        return self._id(said.id)

    def message_id(self, id: str) -> uuid.UUID:
        """The client id of the message that the source calls `id`."""
        return self._id(id)

    def upload_id(self, said: Said, number: int) -> uuid.UUID:
        """The client id of one of its files, which are numbered."""
        return self._id(f"{said.id}/files/{number}")

    def _id(self, name: str) -> uuid.UUID:
        return uuid.uuid5(_NAMESPACE, f"{self._people.source}/{self._place.id}/{name}")
