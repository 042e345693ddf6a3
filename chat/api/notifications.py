"""What concerns one, and of what one wants to be told."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType
from rest_framework.request import Request
from rest_framework.response import Response

from chat.api import query
from chat.api.base import View
from chat.api.body import Body, id_in
from chat.api.describing import CURSOR, describe, pages_of, word
from chat.api.fields import Id, Keyword, Level, TimeOfDay
from chat.api.paging import page
from chat.models import Membership, Notification, NotifySettings
from chat.models.notifications import KEYWORDS
from chat.operations.notifying import choices, reading
from chat.operations.notifying.wire import notification_data
from chat.protocol.errors import BadRequest
from chat.protocol.events import NotificationData
from chat.protocol.scopes import Scope
from chat.protocol.values import format_time
from chat.streams import writer

HOURS = ("quiet_from", "quiet_to")
KINDS = [kind.value for kind in Notification.Kind]


class ReadNotificationsBody(Body):
    """These ids, or those about one room (not its threads), or those up to one; nothing: all."""

    notifications: list[Id] | UnsetType = UNSET
    room: Id | UnsetType = UNSET
    up_to: Id | UnsetType = UNSET


class ReadData(msgspec.Struct, frozen=True):
    """How many were unread until now."""

    read: int


class NotifyBody(Body):
    level: Level | UnsetType = UNSET
    keywords: Annotated[list[Keyword], Meta(extra_json_schema={"maxItems": KEYWORDS})] | UnsetType = UNSET
    paused_until: Annotated[datetime, Meta(tz=True)] | UnsetType | None = UNSET
    quiet_from: TimeOfDay | UnsetType | None = UNSET
    quiet_to: TimeOfDay | UnsetType | None = UNSET
    mails: bool | UnsetType = UNSET
    digest: bool | UnsetType = UNSET


class NotifyData(msgspec.Struct, frozen=True):
    """Of what one is notified, where a room has no level of its own.

    Until `paused_until`, and each day from `quiet_from` to `quiet_to` in one's time zone, nothing makes a noise.
    `mails` tell of what was not read for ten minutes, the `digest` each morning of what waits in one's rooms.
    """

    level: str
    keywords: list[str]
    paused_until: str | None
    quiet_from: str | None
    quiet_to: str | None
    mails: bool
    digest: bool


class LevelBody(Body):
    """Null: as everywhere."""

    level: Level | None


class LevelData(msgspec.Struct, frozen=True):
    level: str | None


class Notifications(View):
    filters = (
        word("unread", "Only those that are unread, or are not.", ("true", "false")),
        word("kind", "Only those of this kind.", KINDS),
        *CURSOR,
    )

    @describe("list_notifications", gives=pages_of(NotificationData), query=filters)
    def get(self, request: Request) -> Response:
        """One's own, the newest first, as far as one may still see what they are about."""
        rows = Notification.objects.of(self.me).select_related("actor", "message")
        if unread := query.choice(request.query_params, "unread", ("true", "false")):
            rows = rows.filter(read_at__isnull=unread == "true")
        if kind := query.choice(request.query_params, "kind", KINDS):
            rows = rows.filter(kind=kind)
        return page(request, rows, "-pk", _shown)


def _shown(rows: Sequence[Notification]) -> list[NotificationData]:
    return [notification_data(row) for row in rows]


class ReadNotifications(View):
    """Reading a room or a thread reads those about it, too."""

    @describe("read_notifications", body=ReadNotificationsBody, gives=ReadData, refusals=(404,))
    def post(self, request: Request) -> Response:
        body = self.body(ReadNotificationsBody)
        wanted: dict[str, Any] = {}
        if body.notifications is not UNSET:
            wanted["ids"] = [id_in("notifications", each) for each in body.notifications]
        if body.room is not UNSET:
            wanted["room_id"] = id_in("room", body.room)
        if body.up_to is not UNSET:
            wanted["up_to"] = id_in("up_to", body.up_to)
        return Response(ReadData(writer.perform(reading.read_notifications, actor=self.me, **wanted)))


class Notify(View):
    writes = Scope.MANAGE

    @describe("get_notify_settings", gives=NotifyData)
    def get(self, request: Request) -> Response:
        return Response(_settings(choices.settings_of(self.me)))

    @describe("update_notify_settings", body=NotifyBody, gives=NotifyData)
    def patch(self, request: Request) -> Response:
        given = self.body(NotifyBody).given()
        hours: dict[str, str | None] = {name: given.pop(name) for name in HOURS if name in given}
        if hours:
            given["quiet"] = _hours(hours)
        return Response(_settings(writer.perform(choices.choose, actor=self.me, **given)))


class RoomLevel(View):
    """Of what one is notified in one room."""

    writes = Scope.MANAGE

    @describe("choose_level", body=LevelBody, gives=LevelData)
    def put(self, request: Request, room_id: int) -> Response:
        writer.perform(choices.choose_level, actor=self.me, room_id=room_id, level=self.body(LevelBody).level)
        row = Membership.objects.live().get(room=room_id, user=self.me)
        return Response(LevelData(row.level or None))


def _hours(given: dict[str, str | None]) -> tuple[time, time] | None:
    if len(given) < 2 or (given["quiet_from"] is None) != (given["quiet_to"] is None):
        raise BadRequest("quiet_from and quiet_to go together", field="quiet_to")
    start, end = (_time(name, given[name]) for name in HOURS)
    return None if start is None or end is None else (start, end)


def _time(field: str, text: str | None) -> time | None:
    try:
        return None if text is None else datetime.strptime(text, "%H:%M").time()
    except ValueError:
        raise BadRequest(f"{field} is a time of day, such as 22:00", field=field) from None


def _settings(row: NotifySettings) -> NotifyData:
    return NotifyData(
        level=row.level,
        keywords=row.keywords,
        paused_until=None if row.paused_until is None else format_time(row.paused_until),
        quiet_from=None if row.quiet_from is None else f"{row.quiet_from:%H:%M}",
        quiet_to=None if row.quiet_to is None else f"{row.quiet_to:%H:%M}",
        mails=row.mails,
        digest=row.digest,
    )
