"""All rooms that one may know of, and making a new one."""

from django.core.paginator import Paginator
from django.db.models import Count, F, Q
from django.db.models.functions import Lower
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from chat.models import Membership, Room
from chat.operations import rooms as operations
from chat.protocol.errors import Refused
from chat.streams.writer import perform
from chat.web.forms import NewRoomForm
from chat.web.page import member_page, show
from chat.web.person import reader
from chat.web.room_view import RoomView

PAGE_ROOMS = 40


@member_page
def rooms(request: HttpRequest) -> HttpResponseBase:
    """By name, archived ones last; `?q=` finds by name or topic."""
    user = reader(request)
    query = request.GET.get("q", "").strip().replace("\x00", "")
    found = Room.objects.visible_to(user).exclude(kind=Room.Kind.DIRECT)
    if query:
        found = found.filter(Q(name__icontains=query) | Q(topic__icontains=query))
    ordered = found.order_by(F("archived_at").asc(nulls_first=True), Lower("name"), "pk")
    page = Paginator(ordered, PAGE_ROOMS).get_page(request.GET.get("page"))
    context = {"rooms": _views(list(page), user.pk), "paging": page, "query": query}
    return show(request, "pages/browse.html", context, title="Rooms")


def _views(found: list[Room], user_id: int) -> list[RoomView]:
    """The rooms with how many are in each, and whether the reader is. One query."""
    rows = Membership.objects.live().filter(room__in=found).order_by().values("room")
    counted = rows.annotate(everybody=Count("pk"), mine=Count("pk", filter=Q(user=user_id)))
    counts = {row["room"]: (row["everybody"], row["mine"]) for row in counted}
    views = []
    for room in found:
        everybody, mine = counts.get(room.pk, (0, 0))
        view = RoomView.of(room, Membership.Role.MEMBER if mine else "")
        view.member_count = everybody
        views.append(view)
    return views


@member_page
def create(request: HttpRequest) -> HttpResponseBase:
    form = NewRoomForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            room = perform(operations.create_room, actor=reader(request), **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("room", slug=room.slug)
    return show(request, "pages/create_room.html", {"form": form}, title="Create a room")
