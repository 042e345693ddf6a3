"""Personal access tokens: for scripts, and for bots. Named, scoped, shown once, kept as a digest."""

import uuid
from collections.abc import Collection
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from chat.models import Login, User
from chat.operations import checking
from chat.operations.credentials import PERSONAL
from chat.operations.logins import end_login
from chat.operations.secrets import digest, new_secret
from chat.protocol.errors import BadRequest, Conflict, Forbidden, NotFound
from chat.protocol.limits import NAME_CHARACTERS
from chat.protocol.scopes import Scope

MOST = 50
"""Tokens that one person may have at a time."""
MOST_DAYS = 3650


def create_token(
    *, actor: User, owner: User, name: str, scopes: Collection[str], days: int | None = None
) -> tuple[Login, str]:
    """Makes a token for oneself or, as an owner of this Parley, for a bot; gives its row and what opens doors.

    Without `days` it does not expire.

    Raises:
        Forbidden: `owner` is somebody else, or disabled.
        BadRequest: a value cannot be; the field says which.
        Conflict: there are too many.
    """
    check_owner(actor, owner)
    if not owner.is_active:
        raise Forbidden("this account is disabled")
    name = checking.text("name", name, most=NAME_CHARACTERS, required=True)
    if not scopes or not set(scopes) <= set(Scope):
        raise BadRequest(f"scopes are some of {', '.join(Scope)}", field="scopes")
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise BadRequest(f"days is a number from 1 to {MOST_DAYS}", field="days")
    if live_tokens(owner).count() >= MOST:
        raise Conflict(f"{MOST} tokens are the most: revoke one that is not used any more")
    secret = PERSONAL + new_secret()
    made = Login.objects.create(
        user=owner,
        kind=Login.Kind.PERSONAL,
        name=name,
        token_hash=digest(secret),
        scopes=" ".join(scope for scope in Scope if scope in scopes),
        expires_at=None if days is None else timezone.now() + timedelta(days=days),
    )
    return made, secret


def revoke_token(*, actor: User, token_id: uuid.UUID) -> None:
    """Ends a token of one's own or, as an owner of this Parley, of a bot; its sockets too. Raises NotFound."""
    token = Login.objects.personal().filter(pk=token_id, revoked_at=None).select_related("user").first()
    if token is None or not _manages(actor, token.user):
        raise NotFound("there is no such token")
    end_login(login_id=token.pk)


def live_tokens(owner: User) -> QuerySet[Login]:
    """Those that still open doors, newest first."""
    return Login.objects.live().personal().filter(user=owner).order_by("-created_at", "pk")


def check_owner(actor: User, owner: User) -> None:
    """Raises Forbidden unless the tokens of `owner` are the business of `actor`."""
    if not _manages(actor, owner):
        raise Forbidden("only one's own tokens, and owners those of bots")


def _manages(actor: User, owner: User) -> bool:
    return actor.pk == owner.pk or (actor.is_superuser and owner.is_bot)
