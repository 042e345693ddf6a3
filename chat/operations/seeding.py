"""People for load tests: members of a room, signed in, made in a database that holds nobody else."""

from datetime import timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from chat.models import Imported, Membership, Room, User, Workspace
from chat.models.names import USERNAME_CHARACTERS
from chat.models.users import HUES
from chat.operations.membership import enter
from chat.operations.rooms import RESERVED_SLUGS, create_room
from chat.operations.tokens import issue_many
from chat.protocol.errors import BadRequest, Conflict
from chat.streams import log

SOURCE: Final = "seed_load"
MOST_USERS: Final = 99_999
"""As many as five digits of a user name count."""
SLUG_CHARACTERS: Final = USERNAME_CHARACTERS - len("load--00001")
_CHUNK: Final = 500


def seed(*, slug: str, users: int, lifetime: timedelta) -> list[str]:
    """Makes `load-<slug>-00001` to the number `users` members of the open room `slug`, and signs each of them in.

    Returns their access tokens in that order, good for `lifetime`. Those who are members already get new tokens, so a
    second call tops a room up. What was made when a call is interrupted is used by the next.

    Raises:
        BadRequest: `slug` or `users` cannot be.
        Conflict: the database holds somebody who was not made here, or names would look alike.
        Forbidden: one of them has been disabled since.
    """
    _check(slug, users)
    Workspace.current()
    tokens: list[str] = []
    # In chunks, so that a running server waits for none of them long.
    for first in range(1, users + 1, _CHUNK):
        numbers = range(first, min(first + _CHUNK, users + 1))
        with transaction.atomic():
            _hold()
            people = _people(slug, numbers)
            _bring_in(slug, people)
            tokens += [pair.access for pair in issue_many(users=people, lifetime=lifetime)]
    return tokens


def _check(slug: str, users: int) -> None:
    if not slug or slug != slugify(slug, allow_unicode=True) or slug in RESERVED_SLUGS or len(slug) > SLUG_CHARACTERS:
        raise BadRequest(
            f"a slug is lower-case letters, digits and '-', at most {SLUG_CHARACTERS} characters", field="room"
        )
    if not 1 <= users <= MOST_USERS:
        raise BadRequest(f"users is a number from 1 to {MOST_USERS:,}", field="users")


def _hold() -> None:
    """Lets nobody else seed or set this Parley up before the transaction ends. Raises Conflict for a stranger."""
    Workspace.objects.select_for_update().get(pk=1)
    ours = Imported.objects.filter(source=SOURCE).values("object_id")
    stranger = User.objects.exclude(pk__in=ours).first()
    if stranger is not None:
        raise Conflict(f"this Parley holds people who were not made for load tests, such as {stranger.username}")


def _people(slug: str, numbers: range) -> list[User]:
    """The people with these numbers, made if they are new."""
    hues = {f"load-{slug}-{number:05}": number % HUES for number in numbers}
    found = {user.username: user for user in User.objects.filter(username__in=hues)}
    new = [User(username=name, hue=hue) for name, hue in hues.items() if name not in found]
    try:
        User.objects.create_many(new)
    except IntegrityError:
        raise Conflict("this slug looks like another room's, and so would its people", field="room") from None
    Imported.objects.bulk_create(
        [Imported(source=SOURCE, external_id=user.username, object_id=user.pk) for user in new]
    )
    found |= {user.username: user for user in new}
    return [found[name] for name in hues]


def _bring_in(slug: str, people: list[User]) -> None:
    """Makes members of those who are not, by the same steps as joining. Makes the room, owned by the first of them."""
    room = Room.objects.filter(slug=slug).first()
    if room is None:
        room = create_room(actor=people[0], name=slug, kind=Room.Kind.OPEN)
    live = set(Membership.objects.live().filter(room=room, user__in=people).values_list("user_id", flat=True))
    outside = [user for user in people if user.pk not in live]
    if outside:
        with log.adding([room.pk, *(user.pk for user in outside)]) as additions:
            enter(room, dict.fromkeys(outside, Membership.Role.MEMBER), timezone.now(), additions)
