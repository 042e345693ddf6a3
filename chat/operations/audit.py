"""The list of what those who run rooms did, written in the transaction of what they did."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from chat.models import AuditEntry, User


def record(
    act: AuditEntry.Act,
    *,
    actor: User | None,
    room: int,
    user: int | None = None,
    message: int | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """`room`, `user` and `message` are ids."""
    AuditEntry.objects.create(
        at=timezone.now(), act=act, actor=actor, room_id=room, user_id=user, message_id=message, details=details or {}
    )
