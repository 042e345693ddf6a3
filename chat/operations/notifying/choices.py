"""What somebody wants to be notified of."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from msgspec import UNSET, UnsetType

from chat.models import Membership, NotifySettings, User
from chat.models.notifications import KEYWORD_CHARACTERS, KEYWORDS
from chat.operations import checking
from chat.operations.search.words import tokens
from chat.protocol.errors import BadRequest
from chat.streams import log

LONGEST_PAUSE: Final = timedelta(days=30)
Level = Membership.Level


def choose_level(*, actor: User, room_id: int, level: str | None) -> int:
    """Sets of what `actor` is notified in a room; None for what they have chosen for all rooms. Returns the number of
    the event in their stream, or its head if nothing changed.

    Raises:
        BadRequest: there is no such level.
        NotFound, Forbidden: `actor` may not see the room, or is not in it.
    """
    _check("level", level)
    room = checking.room_of(actor, room_id)
    with transaction.atomic(), log.adding([actor.pk]) as additions:
        membership = checking.membership_of(actor, room)
        if membership.level == (level or ""):
            return additions.head(actor.pk)
        membership.level = level or ""
        membership.save(update_fields=["level"])
        listen(actor.pk)
        return additions.add(
            actor.pk, "level.changed", timezone.now(), {"room": str(room_id), "level": membership.level or None}
        )


def choose(
    *,
    actor: User,
    level: str | None = None,
    keywords: Sequence[str] | None = None,
    paused_until: datetime | UnsetType | None = UNSET,
    quiet: tuple[time, time] | UnsetType | None = UNSET,
    mails: bool | None = None,
    digest: bool | None = None,
) -> NotifySettings:
    """Changes what is given.

    Raises BadRequest, naming the field: no such level, too many keywords, one that is none, too long a pause.
    """
    _check("level", level)
    # Whoever is brought into a room meanwhile is asked what they listen for after this, or before.
    with transaction.atomic(), log.adding([actor.pk]):
        settings, _ = NotifySettings.objects.get_or_create(user=actor)
        if level is not None:
            settings.level = level
        if keywords is not None:
            settings.keywords = _keywords(keywords)
        if paused_until is not UNSET:
            # Times at the beginning of the calendar cannot be compared with others everywhere.
            if paused_until and (paused_until.year < 2000 or paused_until > timezone.now() + LONGEST_PAUSE):
                raise BadRequest(f"a pause is at most {LONGEST_PAUSE.days} days long", field="paused_until")
            settings.paused_until = paused_until
        if quiet is not UNSET:
            settings.quiet_from, settings.quiet_to = quiet or (None, None)
        if mails is not None:
            settings.mails = mails
        if digest is not None:
            if digest and not settings.digest:
                settings.digest_at = timezone.now()  # the first comes tomorrow
            settings.digest = digest
        settings.save()
        listen(actor.pk)
    return settings


def settings_of(user: User) -> NotifySettings:
    """Those of `user`, or the defaults, not stored."""
    return NotifySettings.objects.filter(user=user).first() or NotifySettings(user=user)


def listen(user: int) -> None:
    """After a change of levels or keywords: in which rooms each message is to be looked at for this person."""
    settings = NotifySettings.objects.filter(user=user).first() or NotifySettings(user_id=user)
    level: Any = Case(When(level="", then=Value(settings.level)), default=F("level"))
    listens = Q(wants=Level.ALL) if not settings.keywords else ~Q(wants=Level.NOTHING)
    memberships = Membership.objects.live().filter(user=user).alias(wants=level)
    memberships.filter(listens, listens=False).update(listens=True)
    memberships.filter(~listens, listens=True).update(listens=False)


def listeners_among(users: Iterable[int]) -> set[int]:
    """Those for whom each message has to be looked at, in rooms of which they have said nothing else."""
    rows = NotifySettings.objects.filter(user__in=list(users)).exclude(level=Level.NOTHING)
    return {row.user_id for row in rows if row.keywords or row.level == Level.ALL}


def _keywords(given: Sequence[str]) -> list[str]:
    found = list(dict.fromkeys(checking.text("keywords", word, most=KEYWORD_CHARACTERS) for word in given))
    found = [" ".join(word.split()) for word in found if word]
    if len(found) > KEYWORDS:
        raise BadRequest(f"{KEYWORDS} keywords are the most", field="keywords")
    for word in found:
        if not tokens(word):
            raise BadRequest(f"{word} has no letter and no digit", field="keywords")
    return found


def _check(field: str, level: str | None) -> None:
    if level is not None and level not in Level.values:
        raise BadRequest(f"{field} is one of: {', '.join(Level.values)}", field=field)
