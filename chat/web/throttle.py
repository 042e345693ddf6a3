"""Guessing passwords takes long: so many wrong tries for one name from one address, then a pause."""

import hashlib
from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest

from chat.models import names

TRIES = 10
PAUSE_SECONDS = 300


@dataclass(frozen=True)
class Tries:
    """The wrong tries for one name from one address in the last PAUSE_SECONDS."""

    key: str

    def exhausted(self) -> bool:
        return cache.get(self.key, 0) >= TRIES

    def count(self) -> None:
        cache.add(self.key, 0, PAUSE_SECONDS)
        try:
            cache.incr(self.key)
        except ValueError:  # it expired in between
            cache.set(self.key, 1, PAUSE_SECONDS)

    def forget(self) -> None:
        cache.delete(self.key)


def tries(request: HttpRequest) -> Tries:
    name = names.key(request.POST.get("username", ""))
    who = f"{request.META.get('REMOTE_ADDR', '')} {name}"
    return Tries("sign-in:" + hashlib.sha256(who.encode("utf-8", "surrogatepass")).hexdigest())
