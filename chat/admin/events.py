"""The log, as it goes on the wire."""

import json
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from chat.admin.desk import owner, page_of, reader, time_column
from chat.admin.messages import rooms_named, words
from chat.admin.short import MOST_LISTED, Archive
from chat.admin.site import site
from chat.models import Event, Message, Room, Stream
from chat.protocol.values import parse_stream

TYPES = (
    "message.posted",
    "message.edited",
    "message.deleted",
    "message.pinned",
    "message.unpinned",
    "member.joined",
    "member.left",
    "member.updated",
    "room.updated",
    "room.archived",
    "room.added",
    "room.removed",
    "read.moved",
    "access.revoked",
)


class TypeFilter(admin.SimpleListFilter):
    """The types that there are, not those that the table holds: asking it would read all of it."""

    title, parameter_name = "type", "type"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(type_, type_) for type_ in TYPES]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(type=self.value()) if self.value() else queryset


@admin.register(Event, site=site)
class EventAdmin(Archive):
    noted = time_column("at", "at")
    list_display = ("noted", "stream", "seq", "type", "excerpt")
    list_display_links = ("noted", "excerpt")
    list_filter = (TypeFilter,)
    list_select_related = ("stream",)
    search_fields = ("payload",)
    search_help_text = (
        "room:12 or user:3 (a stream), in:general (a room's name or number), and words. Newest first. "
        f"At most {MOST_LISTED:,} are listed."
    )
    ordering = ("-pk",)
    fields = ("stream_name", "seq", "type", "noted", "about", "frame")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        """Owners see all; other staff the rooms that they may see anyway."""
        events: QuerySet[Event] = super().get_queryset(request)
        return (
            events
            if owner(request)
            else events.filter(stream__in=Room.objects.visible_to(reader(request)).values("pk"))
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        for word in words(search_term):
            stream = parse_stream(word)
            if stream is not None:
                queryset = queryset.filter(stream__in=Stream.objects.filter(kind=stream[0], pk=stream[1]))
            elif word.startswith("in:"):
                queryset = queryset.filter(stream__in=rooms_named(word[3:]).values("pk"))
            else:
                # The frame escapes what JSON must: quotes, backslashes, line ends.
                written = json.dumps(word, ensure_ascii=False)[1:-1]
                queryset = queryset.filter(payload__icontains=written)
        return queryset, False

    @admin.display(description="stream")
    def stream_name(self, event: Event) -> str | SafeString:
        named = getattr(event.stream, event.stream.kind)
        return format_html('<a href="{}">{}</a> ({})', page_of(named), event.stream.name, named)

    @admin.display(description="data")
    def excerpt(self, event: Event) -> str:
        """What people said, or else what the client is told."""
        data = json.loads(event.payload)["data"]
        text = data.get("body") or json.dumps(data, ensure_ascii=False)
        return Truncator(" ".join(text[:400].split())).chars(100)

    @admin.display(description="about")
    def about(self, event: Event) -> str | SafeString:
        message = Message.objects.filter(pk=event.subject).first() if event.subject is not None else None
        return format_html('<a href="{}">message {}</a>', page_of(message), message.seq) if message else "–"

    @admin.display(description="as sent")
    def frame(self, event: Event) -> SafeString:
        return format_html("<pre>{}</pre>", json.dumps(json.loads(event.payload), ensure_ascii=False, indent=2))
