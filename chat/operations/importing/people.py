"""The people of an archive: found, or made."""

import re
import zlib
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from django.db import transaction

from chat.models import Imported, User, names
from chat.models.users import HUES
from chat.operations.importing.items import Person
from chat.operations.people import add_user
from chat.operations.wire import user_data
from chat.protocol.errors import BadRequest, Conflict
from chat.protocol.events import UserData
from chat.protocol.limits import NAME_CHARACTERS

_BATCH: Final = 200


class People:
    """Who stands here for whom at the source."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.made = 0
        self.matched = 0
        known = Imported.objects.objects_of(source)
        users = User.objects.in_bulk(list(known.values())) if known else {}
        self._users: dict[str, User] = {external: users[pk] for external, pk in known.items() if pk in users}
        self._data: dict[int, UserData] = {}
        self._keys = dict(User.objects.values_list("username_key", "pk"))

    def __contains__(self, external_id: str) -> bool:
        return external_id in self._users

    def __getitem__(self, external_id: str) -> User:
        return self._users[external_id]

    def get(self, external_id: str) -> User | None:
        return self._users.get(external_id)

    def users(self, external_ids: Iterable[str]) -> list[User]:
        """Those that are known, each once."""
        return list({self._users[one].pk: self._users[one] for one in external_ids if one in self._users}.values())

    def data(self, user: User) -> UserData:
        return self._data.get(user.pk) or self._data.setdefault(user.pk, user_data(user))

    def ids_by_key(self, keys: Collection[str]) -> Mapping[str, int]:
        """The `people` of rendering, without a query a message."""
        return {key: self._keys[key] for key in keys if key in self._keys}

    def bring(self, people: Iterable[Person]) -> None:
        """Makes those who are new. Who has the e-mail address of somebody here is that somebody."""
        new = [person for person in people if person.id not in self._users]
        for start in range(0, len(new), _BATCH):
            with transaction.atomic():
                for person in new[start : start + _BATCH]:
                    self._bring(person)

    def _bring(self, person: Person) -> None:
        user = None
        if person.email and not person.is_bot:
            user = User.objects.filter(email__iexact=person.email, is_bot=False).first()
        if user is None:
            user = self._make(person)
            self.made += 1
        else:
            self.matched += 1
        self._users[person.id] = user
        self._keys[user.username_key] = user.pk
        Imported.objects.update_or_create(source=self.source, external_id=person.id, defaults={"object_id": user.pk})

    def _make(self, person: Person) -> User:
        """Nobody can sign in as them until a password is set. A name that is taken gets a number."""
        base = usable(person.username)
        email, time_zone, username, number = person.email, person.time_zone, base, 1
        while True:
            try:
                return add_user(
                    username=username,
                    password=None,
                    name=person.name.replace("\x00", "")[:NAME_CHARACTERS],
                    email=email,
                    time_zone=time_zone,
                    is_bot=person.is_bot,
                    is_active=person.active,
                    hue=zlib.crc32(person.id.encode()) % HUES,
                )
            except (BadRequest, Conflict) as refused:
                if refused.field == "username" and isinstance(refused, Conflict):
                    number += 1
                    username = f"{base}-{number}"
                elif refused.field == "time_zone" and time_zone:
                    time_zone = ""
                elif email:
                    email = ""
                else:
                    raise


def usable(name: str) -> str:
    """The nearest to `name` that can be a user name, short enough for a number behind it."""
    name = re.sub(r"[^\w.-]+", "-", names.normalize(name))[: names.USERNAME_CHARACTERS - 8]
    return name.strip(".-") or "somebody"
