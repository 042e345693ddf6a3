"""What concerns the reader: a list that leads to where it happened, and of what they want to be told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from chat.models import Notification, User
from chat.operations.notifying import choices, reading
from chat.operations.notifying.mailing import where
from chat.operations.notifying.wire import notification_data
from chat.operations.wire import peers_of
from chat.protocol.errors import BadRequest, Refused
from chat.protocol.values import parse_id
from chat.streams.writer import perform
from chat.web.devices import devices_of
from chat.web.forms import NotifyForm
from chat.web.hits import when
from chat.web.lines import full_time
from chat.web.page import member_page, show
from chat.web.person import Person, person, reader
from chat.web.room_view import direct, named

PAGE_NOTIFICATIONS: Final = 50
Kind: Final = Notification.Kind
FILTERS: Final = (
    ("", "All", None),
    ("unread", "Unread", None),
    ("mentions", "Mentions", (Kind.MENTION, Kind.KEYWORD, Kind.ROOM_MENTION, Kind.HERE)),
    ("threads", "Threads", (Kind.REPLY,)),
    ("direct", "Direct", (Kind.DIRECT,)),
)
PAUSES: Final = ((30, "30 minutes"), (60, "an hour"), (4 * 60, "4 hours"), (24 * 60, "a day"))
"""Minutes, and what they are called."""
_ALIKE: Final = (Kind.DIRECT, Kind.REPLY, Kind.MESSAGE)


@dataclass(frozen=True)
class Item:
    """One line: a notification, or several alike that followed each other; the newest leads, `ids` has all."""

    ids: tuple[str, ...]
    url: str
    actor: Person
    did: str
    place: str
    text: str
    at: str
    when: str
    full_time: str
    unread: bool

    @property
    def more(self) -> int:
        return len(self.ids) - 1


@member_page
def notifications(request: HttpRequest) -> HttpResponseBase:
    user = reader(request)
    if request.method == "POST":
        up_to = parse_id(request.POST.get("up_to", ""))
        if up_to is None:  # what nobody has seen is not read
            raise BadRequest("up_to is the newest that is to be read", field="up_to")
        perform(reading.read_notifications, actor=user, up_to=up_to)
        return redirect("notifications")
    chosen = request.GET.get("show", "")
    page = Paginator(_wanted(user, chosen), PAGE_NOTIFICATIONS).get_page(request.GET.get("page"))
    context = {
        "items": list(_items(list(page), user)),
        "paging": page,
        "filters": [(value, label) for value, label, _ in FILTERS],
        "chosen": chosen,
        "up_to": page[0].pk if page else None,
        "any_unread": Notification.objects.of(user).unread().exists(),
    }
    return show(request, "pages/notifications.html", context, title="Notifications")


def _wanted(user: User, chosen: str) -> "QuerySet[Notification]":
    rows = Notification.objects.of(user).select_related("actor", "room", "message")
    if chosen == "unread":
        return rows.unread()
    kinds = next((kinds for value, _, kinds in FILTERS if value == chosen), None)
    return rows if kinds is None else rows.filter(kind__in=kinds)


def _items(rows: Sequence[Notification], user: User) -> Iterable[Item]:
    peers = peers_of([row.room for row in rows if row.room is not None], user.pk)
    last: tuple[Notification, Item] | None = None
    for row in rows:
        item = _item(row, peers)
        if last is not None and _joins(last[0], row):
            last = (row, replace(last[1], ids=last[1].ids + item.ids, url=item.url))
            continue
        if last is not None:
            yield last[1]
        last = (row, item)
    if last is not None:
        yield last[1]


def _joins(newer: Notification, row: Notification) -> bool:
    """Whether `row` stands in one line with the one after it: the same person at the same place, both read or not."""

    def key(each: Notification) -> tuple[Any, ...]:
        return each.kind, each.room_id, each.thread_id, each.actor_id, each.read_at is None

    return row.kind in _ALIKE and key(newer) == key(row)


def _item(row: Notification, peers: dict[int, User]) -> Item:
    data = notification_data(row)
    peer = peers.get(row.room_id or 0)
    local = timezone.localtime(row.created_at)
    return Item(
        ids=(data.id,),
        url=where(row, peer),
        actor=person(row.actor),
        did=row.get_kind_display(),
        place="" if row.room is None or peer is not None else row.room.name,
        text=data.text,
        at=row.created_at.isoformat(),
        when=when(local),
        full_time=full_time(local),
        unread=row.read_at is None,
    )


@member_page
def choose(request: HttpRequest) -> HttpResponseBase:
    """Of what the reader is notified, where a room says nothing else."""
    user = reader(request)
    found = choices.settings_of(user)
    initial = {
        "level": found.level,
        "keywords": ", ".join(found.keywords),
        "quiet_from": found.quiet_from,
        "quiet_to": found.quiet_to,
        "mails": found.mails,
        "digest": found.digest,
    }
    form = NotifyForm(request.POST if request.POST.get("do") == "save" else None, initial=initial)
    if request.method == "POST" and _chosen(request, user, form):
        messages.success(request, "Saved.")
        return redirect("notify-settings")
    paused = found.paused_until if found.paused_until and found.paused_until > timezone.now() else None
    context = {
        "form": form,
        "paused_until": paused,
        "pauses": PAUSES,
        "zone": user.time_zone or "UTC",
        "devices": devices_of(request),
        "zone_chosen": bool(user.time_zone),
    }
    return show(request, "pages/notify_settings.html", context, title="What you are notified of")


def _chosen(request: HttpRequest, user: User, form: NotifyForm) -> bool:
    match request.POST.get("do"):
        case "pause":
            minutes = parse_id(request.POST.get("minutes", "")) or 0
            if minutes not in dict(PAUSES):
                raise BadRequest("there is no such pause", field="minutes")
            perform(choices.choose, actor=user, paused_until=timezone.now() + timedelta(minutes=minutes))
        case "resume":
            perform(choices.choose, actor=user, paused_until=None)
        case "save":
            if not form.is_valid():
                return False
            try:
                perform(choices.choose, actor=user, **form.chosen())
            except Refused as refused:
                form.refuse(refused)
                return False
        case _:
            raise BadRequest("this page cannot do that")
    return True


@require_POST
@member_page
def room_level(request: HttpRequest, slug: str) -> HttpResponseBase:
    view = named(slug, reader(request))
    return _level(request, None if view is None else view.face.id)


@require_POST
@member_page
def direct_level(request: HttpRequest, username: str) -> HttpResponseBase:
    peer = User.objects.named(username).first()
    view = peer and direct(reader(request), peer)
    return _level(request, None if view is None else view.face.id)


def _level(request: HttpRequest, room_id: int | None) -> HttpResponseBase:
    if room_id is None:
        raise Http404("there is no such room")
    perform(choices.choose_level, actor=reader(request), room_id=room_id, level=request.POST.get("level") or None)
    messages.success(request, "Saved.")
    return redirect(request.path.removesuffix("level/"))
