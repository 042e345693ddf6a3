"""People: made, changed, disabled."""

import random
import uuid
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from chat.models import User
from chat.models.users import HUES
from chat.operations import checking
from chat.operations.logins import end_all_logins, end_every_login
from chat.protocol.errors import BadRequest, Conflict, Forbidden, NotFound
from chat.protocol.limits import NAME_CHARACTERS


def create_user(
    *, actor: User | None, username: str, password: str | None, name: str = "", email: str = "", **fields: Any
) -> User:
    """Makes a person or, with `is_bot`, a bot. Without a password they cannot sign in by one.

    Raises:
        Forbidden: `actor` is not staff.
        BadRequest: a value cannot be; the field says which.
        Conflict: the user name is taken or looks like another's, or the e-mail address is.
    """
    if actor is not None and not actor.is_staff:
        raise Forbidden("only staff may make users")
    return add_user(username=username, password=password, name=name, email=email, **fields)


def create_bot(*, actor: User | None, username: str, name: str = "") -> User:
    """Makes a bot: it has no password, and comes in by personal access tokens. Raises like `create_user`, Forbidden for
    all but owners.
    """
    if actor is not None and not actor.is_superuser:
        raise Forbidden("only owners may make bots")
    return add_user(username=username, password=None, name=name, is_bot=True)


def live_bots(*, actor: User) -> QuerySet[User]:
    """The bots that are enabled, those of webhooks included, by user name. Raises Forbidden for all but owners."""
    if not actor.is_superuser:
        raise Forbidden("only owners may do this")
    bots: QuerySet[User] = User.objects.filter(is_bot=True, is_active=True).order_by("username_key")
    return bots


def add_user(*, username: str, password: str | None, name: str = "", email: str = "", **fields: Any) -> User:
    """`create_user` for whoever has the right by other means: an invitation, the set-up, an import."""
    hue = fields.pop("hue", None)
    user = User(
        username=checking.text("username", username, most=3 * NAME_CHARACTERS, required=True),
        name=checking.text("name", name, most=NAME_CHARACTERS),
        email=checking.text("email", email, most=254),
        hue=random.randrange(HUES) if hue is None else hue,
        **fields,
    )
    checking.full_clean(user)
    if password is not None:
        check_password(password, user)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        raise Conflict("this user name or e-mail address is taken", field="username") from None
    return user


def check_password(password: str, user: User) -> None:
    """Raises BadRequest when `password` is too weak for `user`."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise BadRequest(" ".join(error.messages), field="password") from None


def update_profile(
    *,
    user: User,
    name: str | None = None,
    time_zone: str | None = None,
    hue: int | None = None,
    email: str | None = None,
) -> User:
    """Changes what is given of one's own profile. Raises BadRequest or Conflict, naming the field."""
    user = User.objects.get(pk=user.pk)
    if name is not None:
        user.name = checking.text("name", name, most=NAME_CHARACTERS)
    if time_zone is not None:
        user.time_zone = checking.text("time_zone", time_zone, most=64)
    if email is not None:
        user.email = checking.text("email", email, most=254)
    if hue is not None:
        if not 0 <= hue < HUES:
            raise BadRequest(f"hue is a number from 0 to {HUES - 1}", field="hue")
        user.hue = hue
    checking.full_clean(user)
    try:
        with transaction.atomic():
            user.save(update_fields=["name", "time_zone", "hue", "email"])
    except IntegrityError:
        raise Conflict("somebody else has this e-mail address", field="email") from None
    return user


def change_password(*, user: User, new_password: str, keep_login: uuid.UUID | None = None) -> None:
    """Sets a new password and ends every other sign-in; personal access tokens stay.

    Raises BadRequest when it is too weak.
    """
    check_password(new_password, user)
    with transaction.atomic():
        user.set_password(new_password)
        user.save(update_fields=["password"])
        end_all_logins(user_id=user.pk, except_login=keep_login, except_personal=True)


def disable_user(*, actor: User | None, user_id: int) -> User:
    """Shuts somebody out: no sign-in, no token, no socket, at once. What they said stays.

    Raises:
        NotFound: there is no such user.
        Forbidden: `actor` does not own this Parley, or its last owner would be shut out.
    """
    with transaction.atomic():
        user = _managed(actor, user_id)
        _keep_an_owner(user)
        user.is_active = False
        user.save(update_fields=["is_active"])
        end_every_login(user_id=user.pk)
    return user


def enable_user(*, actor: User | None, user_id: int) -> User:
    """Lets somebody in again. Raises like `disable_user`."""
    user = _managed(actor, user_id)
    user.is_active = True
    user.save(update_fields=["is_active"])
    return user


def make_owner(*, actor: User | None, user_id: int) -> User:
    """Makes a person an owner of this Parley, with all of the admin. Raises like `disable_user`, or for a bot."""
    user = _managed(actor, user_id)
    if user.is_bot or not user.is_active:
        raise Forbidden("an owner is a person whose account is enabled")
    user.is_staff = user.is_superuser = True
    user.save(update_fields=["is_staff", "is_superuser"])
    return user


def make_staff(*, actor: User | None, user_id: int) -> User:
    """Lets a person use the admin, without owning this Parley. Raises like `make_owner`."""
    user = _managed(actor, user_id)
    if user.is_bot or not user.is_active:
        raise Forbidden("who uses the admin is a person whose account is enabled")
    user.is_staff = True
    user.save(update_fields=["is_staff"])
    return user


def make_member(*, actor: User | None, user_id: int) -> User:
    """Takes the admin, and ownership of this Parley, away. Raises like `disable_user`."""
    with transaction.atomic():
        user = _managed(actor, user_id)
        _keep_an_owner(user)
        user.is_staff = user.is_superuser = False
        user.save(update_fields=["is_staff", "is_superuser"])
    return user


def revoke_access(*, actor: User | None, user_id: int) -> int:
    """Signs somebody out everywhere: sessions, tokens, sockets; returns how many logins. Raises like `disable_user`."""
    return end_all_logins(user_id=_managed(actor, user_id).pk)


def _keep_an_owner(user: User) -> None:
    """Raises Forbidden when nobody but `user` owns this Parley. Within a transaction, which holds the owners' rows.

    Otherwise two owners who shut each other out at once would leave none. The lock lets others refer to these rows.
    """
    if user.is_superuser:
        owners = User.objects.filter(is_superuser=True, is_active=True).order_by("pk")
        if set(owners.select_for_update(no_key=True).values_list("pk", flat=True)) <= {user.pk}:
            raise Forbidden("this is the last owner")


def _managed(actor: User | None, user_id: int) -> User:
    if actor is not None and not actor.is_superuser:
        raise Forbidden("only owners may do this")
    user: User | None = User.objects.filter(pk=user_id).first()
    if user is None:
        raise NotFound("there is no such user", field="user")
    return user
