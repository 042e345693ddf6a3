"""Search over what one may see."""

import msgspec
from rest_framework.request import Request
from rest_framework.response import Response

from chat.api import query
from chat.api.base import View
from chat.api.body import maybe_id_in
from chat.api.describing import describe, number, pages_of, word
from chat.operations.search import asking
from chat.operations.search.finding import ORDERS, Hit, search
from chat.operations.wire import messages_data
from chat.protocol.events import MessageData

PAGE = 20
MAX_PAGE = 50


class PieceData(msgspec.Struct, frozen=True):
    """A part of an excerpt, and whether it is what was looked for."""

    text: str
    hit: bool


class HitData(msgspec.Struct, frozen=True):
    """A message that was found, and the part of its words around what was looked for."""

    message: MessageData
    excerpt: list[PieceData]


ASKED = (
    word("q", 'Words, `"phrases"`, and `from:` `in:` `before:` `after:` `on:` `has:`; a minus in front means without.'),
    word("room", "The id of a room: only there."),
    word("from", "The id of a person: only what they said."),
    word("before", "A day, month or year (UTC), or a moment: only what was said before it."),
    word("after", "Only what was said after it."),
    word("has", "Only messages that have one.", asking.KINDS),
    word("sort", "`newest` first, or `best`.", tuple(ORDERS)),
    word("cursor", "From `next` of a page."),
    number("limit", "How many at most.", 1, MAX_PAGE),
)


class Search(View):
    """Messages of the rooms that one is in; `previous` is always null."""

    @describe("search", gives=pages_of(HitData), query=ASKED)
    def get(self, request: Request) -> Response:
        given = request.query_params
        wanted = asking.wanted(
            self.me,
            query.words(given, "q"),
            room=maybe_id_in("room", given.get("room")),
            sender=maybe_id_in("from", given.get("from")),
            **{name: query.words(given, name) or None for name in ("before", "after", "has")},
        )
        found = search(
            self.me,
            wanted,
            order=query.choice(given, "sort", tuple(ORDERS)) or "newest",
            after=maybe_id_in("cursor", given.get("cursor")),
            limit=query.integer(given, "limit", least=1, most=MAX_PAGE) or PAGE,
        )
        return Response({"results": _data(found.hits), "next": _next(request, found.next), "previous": None})


def _data(hits: list[Hit]) -> list[HitData]:
    messages = messages_data([hit.message for hit in hits])
    return [
        HitData(data, [PieceData(*piece) for piece in hit.excerpt]) for hit, data in zip(hits, messages, strict=True)
    ]


def _next(request: Request, after: int | None) -> str | None:
    if after is None:
        return None
    given = request.query_params.copy()
    given["cursor"] = str(after)
    return request.build_absolute_uri(f"{request.path}?{given.urlencode()}")
