"""Somebody as a page shows them, and who reads it."""

from dataclasses import dataclass
from typing import cast

from django.http import HttpRequest

from chat.models import User
from chat.web import addresses


@dataclass(frozen=True)
class Person:
    id: int
    username: str
    name: str
    hue: int
    is_bot: bool

    @property
    def initials(self) -> str:
        """The first characters of the first and the last word of the name."""
        words = self.name.split()
        return "".join(word[0].upper() for word in (words if len(words) < 2 else (words[0], words[-1])))

    @property
    def url(self) -> str:
        return addresses.of_person(self.username)


def person(user: User) -> Person:
    return Person(user.pk, user.username, user.display_name, user.hue, user.is_bot)


def reader(request: HttpRequest) -> User:
    """Who is signed in."""
    return cast(User, request.user)
