"""What was said: to be found, not changed."""

from contextlib import suppress
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator, smart_split, unescape_string_literal

from chat.admin.desk import owner, page_of, reader, time_column, when
from chat.admin.short import MOST_LISTED, Archive
from chat.admin.site import site
from chat.models import Event, Message, Room, names
from chat.protocol.values import parse_id


def rooms_named(name: str) -> QuerySet[Room]:
    """By name, slug or number."""
    named = Q(slug=name.casefold()) | Q(name__iexact=name)
    room_id = parse_id(name)
    return Room.objects.filter(named if room_id is None else named | Q(pk=room_id)).order_by()


def words(term: str) -> list[str]:
    """`in:general "two words"` → `["in:general", "two words"]`"""
    found = []
    for word in smart_split(term.replace("\x00", "")):
        with suppress(ValueError):
            word = unescape_string_literal(word) or word
        found.append(word)
    return found


@admin.register(Message, site=site)
class MessageAdmin(Archive):
    """Every search ends in an index or reads the table once; its size is never counted."""

    sent = time_column("created_at", "sent")
    list_display = ("sent", "room_name", "sender", "excerpt", "state")
    list_display_links = ("sent", "excerpt")
    list_select_related = ("room", "sender")
    search_fields = ("body",)
    search_help_text = (
        "in:general (a room's name or number), from:ada, and words. Without a search: the newest of all rooms. "
        f"At most {MOST_LISTED:,} are listed."
    )
    fields = ("room_name", "sender_name", "sent", "body", "edits", "reply", "named", "state", "seq", "client_id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        """Owners see all; other staff the rooms that they may see anyway."""
        messages: QuerySet[Message] = super().get_queryset(request)
        return messages if owner(request) else messages.filter(room__in=Room.objects.visible_to(reader(request)))

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """A search follows the key: room by room, newest first. Only what is few is sorted by time."""
        return ("-pk",) if request.GET.get("q") else ("-created_at", "-pk")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        found = words(search_term)
        if not found:
            latest = Event.objects.filter(subject__isnull=False).order_by("-pk").values("subject")
            return queryset.filter(pk__in=latest[:MOST_LISTED]), False
        for word in found:
            what, colon, value = word.partition(":")
            if colon and what == "in":
                queryset = queryset.filter(room__in=rooms_named(value).values("pk"))
            elif colon and what == "from":
                queryset = queryset.filter(sender__username_key=names.key(value))
            else:
                queryset = queryset.filter(body__icontains=word)
        return queryset, False

    @admin.display(description="room")
    def room_name(self, message: Message) -> SafeString:
        return format_html('<a href="{}">{}</a>', page_of(message.room), message.room)

    @admin.display(description="sender")
    def sender_name(self, message: Message) -> SafeString:
        return format_html('<a href="{}">{}</a>', page_of(message.sender), message.sender)

    @admin.display(description="message")
    def excerpt(self, message: Message) -> str:
        return Truncator(" ".join(message.body[:400].split())).chars(120) or "–"

    @admin.display(description="state")
    def state(self, message: Message) -> str:
        return "deleted" if message.deleted_at else "edited" if message.edited_at else ""

    @admin.display(description="in reply to")
    def reply(self, message: Message) -> str | SafeString:
        if message.reply_to is None:
            return "–"
        return format_html('<a href="{}">{}</a>', page_of(message.reply_to), self.excerpt(message.reply_to))

    @admin.display(description="mentions")
    def named(self, message: Message) -> str:
        return ", ".join(message.mentions.order_by("pk").values_list("user__username", flat=True)) or "–"

    @admin.display(description="edited")
    def edits(self, message: Message) -> str | SafeString:
        """Links to the events of its edits, each with the words of its time."""
        events = Event.objects.filter(subject=message.pk, type="message.edited").order_by("seq")
        links = [(page_of(event), when(event.at)) for event in events]
        return format_html_join(", ", '<a href="{}">{}</a>', links) or "–"
