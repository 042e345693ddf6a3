"""`/admin/live/`: what the nodes are doing now, as they tell each other."""

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache

from chat.admin.desk import owner, reader
from chat.models import Room
from chat.streams import nodes, running
from chat.streams.nodes import Node


@never_cache
def data(request: HttpRequest) -> HttpResponse:
    """`{"nodes": [{"name", "started_at", "sockets": {state: number}, "samples": [[at, sockets, posts/s, deliveries/s,
    late]]}], "rooms": [{"name", "address", "listeners", "per_minute"}]}`, times in seconds since 1970."""
    hub = running.present_hub()
    known = hub.nodes.known() if hub is not None else []
    answer = {"nodes": [_node(node) for node in known], "rooms": _rooms(request, nodes.together(known))}
    return HttpResponse(msgspec.json.encode(answer), content_type="application/json")


def _node(node: Node) -> dict[str, Any]:
    return {
        "name": node.status.name,
        "started_at": node.status.started_at,
        "sockets": node.status.sockets,
        "samples": [
            [sample.at, sample.sockets, sample.posts_per_s, sample.deliveries_per_s, sample.late]
            for sample in list(node.samples)
        ],
    }


def _rooms(request: HttpRequest, busiest: list[nodes.Room]) -> list[dict[str, Any]]:
    """Named as far as the reader may see them in the list of rooms."""
    seen = Room.objects.all() if owner(request) else Room.objects.visible_to(reader(request))
    ids = [int(room.stream.partition(":")[2]) for room in busiest]
    known = {room.pk: room for room in seen.filter(pk__in=ids)}
    return [
        _named(known.get(pk)) | {"listeners": room.listeners, "per_minute": room.per_minute}
        for pk, room in zip(ids, busiest, strict=True)
    ]


def _named(room: Room | None) -> dict[str, str | None]:
    if room is None:
        return {"name": "a private room", "address": None}
    name = "a direct conversation" if room.kind == Room.Kind.DIRECT else room.name
    return {"name": name, "address": reverse("admin:chat_room_change", args=[room.pk])}
