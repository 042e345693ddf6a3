"""The browsers to which somebody lets notifications be pushed."""

import uuid
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from chat.models import Login, PushDevice, User
from chat.models.push import DEVICE_CHARACTERS, ENDPOINT_CHARACTERS
from chat.operations import checking
from chat.operations.pushing import keys
from chat.operations.pushing.tasks import push_test
from chat.protocol.errors import BadRequest, Conflict, NotFound

MOST: Final = 20
SECRET_BYTES: Final = 16


def devices_of(user: User) -> "QuerySet[PushDevice]":
    """Those to which something is pushed, the newest first."""
    return PushDevice.objects.live().filter(user=user).order_by("-created_at")


def subscribe(
    *,
    actor: User,
    login_id: uuid.UUID,
    endpoint: str,
    key: str,
    secret: str,
    application_key: str,
    name: str = "",
    hides_words: bool | None = None,
) -> tuple[PushDevice, bool]:
    """Takes note of a browser's subscription, as its `PushSubscription` tells it; returns it, and whether it is new.

    A browser has one at a time: who comes with an `endpoint` that is known has it from now on.

    Raises:
        BadRequest: no address that may be pushed to, no key, or one for another Parley's key.
        Conflict: this person has too many.
    """
    endpoint = _endpoint(endpoint)
    values = {
        "user": actor,
        "login": Login.objects.get(pk=login_id, user=actor),
        "key": _point("keys.p256dh", key),
        "secret": _secret(secret),
        "application_key": _ours(application_key),
        "name": checking.text("name", name, most=DEVICE_CHARACTERS),
    }
    if hides_words is not None:
        values["hides_words"] = hides_words
    with transaction.atomic():
        others = devices_of(actor).exclude(endpoint=endpoint)
        if others.count() >= MOST:
            raise Conflict(f"{MOST} devices are the most: remove one that is not used any more")
        return PushDevice.objects.update_or_create(endpoint=endpoint, defaults=values)


def device_of(actor: User, device_id: uuid.UUID) -> PushDevice:
    """Raises NotFound."""
    found = devices_of(actor).filter(pk=device_id).first()
    if found is None:
        raise NotFound("there is no such device", field="device")
    return found


def change(*, actor: User, device_id: uuid.UUID, hides_words: bool) -> PushDevice:
    """Raises NotFound."""
    device = device_of(actor, device_id)
    device.hides_words = hides_words
    device.save(update_fields=["hides_words"])
    return device


def remove(*, actor: User, device_id: uuid.UUID) -> None:
    """Raises NotFound."""
    device_of(actor, device_id).delete()


def forget(*, actor: User, endpoint: str) -> None:
    """The browser says that it has ended its subscription."""
    PushDevice.objects.filter(user=actor, endpoint=endpoint).delete()


def test(*, actor: User, device_id: uuid.UUID) -> None:
    """Pushes a word of ours, so that somebody sees that it works. Raises NotFound."""
    push_test.enqueue(str(device_of(actor, device_id).pk))


def _endpoint(url: str) -> str:
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    schemes = ("https", "http") if settings.PUSH_ALLOW_PRIVATE else ("https",)
    if not usable or parts.scheme not in schemes or parts.username is not None or not url.isascii():
        raise BadRequest("endpoint is an https address", field="endpoint")
    if len(url) > ENDPOINT_CHARACTERS or not url.isprintable() or " " in url:
        raise BadRequest(f"endpoint is an address of at most {ENDPOINT_CHARACTERS:,} characters", field="endpoint")
    return url


def _point(field: str, text: str) -> str:
    try:
        data = keys.decoded(text)
    except ValueError:  # UnicodeError among them
        data = b""
    if not keys.is_point(data):
        raise BadRequest(f"{field} is a public key of P-256 in base64url", field=field)
    return keys.encoded(data)


def _secret(text: str) -> str:
    try:
        data = keys.decoded(text)
    except ValueError:
        data = b""
    if len(data) != SECRET_BYTES:
        raise BadRequest(f"keys.auth is {SECRET_BYTES} bytes in base64url", field="keys.auth")
    return keys.encoded(data)


def _ours(text: str) -> str:
    if keys.private_key_of(text) is None:
        raise BadRequest("application_key is not the key of this Parley", field="application_key")
    return text
