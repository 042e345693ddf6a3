"""Guessing passwords takes long: so many wrong tries for one name from one address, then a pause. So do mails."""

import hashlib
from contextlib import suppress
from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest

from chat.models import names
from chat.operations.throttling import address_of

TRIES = 10
MAILS = 3
ADDRESS_TRIES = 100
"""Whatever the name: an office has one address, but one password tried on everybody is guessing, too."""
PAUSE_SECONDS = 300


@dataclass(frozen=True)
class Tries:
    """The tries for one name from one address, and for any name from there, in the last PAUSE_SECONDS."""

    key: str
    address_key: str
    most: int

    def begin(self) -> bool:
        """Counts one try; False when it is one too many."""
        return _count(self.address_key) <= ADDRESS_TRIES and _count(self.key) <= self.most

    def forget(self) -> None:
        """It was right."""
        cache.delete(self.key)
        with suppress(ValueError):
            cache.decr(self.address_key)


def _count(key: str) -> int:
    cache.add(key, 0, PAUSE_SECONDS)
    try:
        return int(cache.incr(key))
    except ValueError:  # it expired in between
        cache.set(key, 1, PAUSE_SECONDS)
        return 1


def tries(request: HttpRequest) -> Tries:
    name, address = names.key(request.POST.get("username", "")), address_of(request)
    return Tries(_key(f"{address} {name}"), _key(address), TRIES)


def mails(request: HttpRequest, email: str) -> Tries:
    """The links for a new password that were asked for: to one mail address, and from one network address."""
    address = address_of(request)
    return Tries(_key(f"mail to {email.casefold()}"), _key(f"mail from {address}"), MAILS)


def _key(who: str) -> str:
    return "sign-in:" + hashlib.sha256(who.encode("utf-8", "surrogatepass")).hexdigest()
