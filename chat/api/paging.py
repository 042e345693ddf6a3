"""Lists in pages, with a cursor that stays right while rows come and go."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from rest_framework import exceptions
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from chat.api import query
from chat.protocol.errors import BadRequest
from chat.protocol.values import parse_id

M = TypeVar("M", bound=Model)

PAGE = 50
MAX_PAGE = 200


class Pages(CursorPagination):
    """Pages in the order of one unique field, either `pk` or one that holds text."""

    page_size = PAGE
    page_size_query_param = "limit"
    max_page_size = MAX_PAGE

    def __init__(self, order: str) -> None:
        self.ordering = order

    def get_page_size(self, request: Request) -> int:
        return query.integer(request.query_params, "limit", least=1, most=MAX_PAGE) or PAGE

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str, ...]:
        return (str(self.ordering),)

    def decode_cursor(self, request: Request) -> Cursor | None:
        try:
            cursor = super().decode_cursor(request)
        except exceptions.NotFound:
            raise _no_cursor() from None
        if cursor is not None and not self._can_be(cursor.position):
            raise _no_cursor()
        return cursor

    def _can_be(self, position: Any) -> bool:
        if position is None:
            return True
        return parse_id(position) is not None if self.ordering[0].lstrip("-") == "pk" else "\x00" not in position


def page(request: Request, rows: QuerySet[M], order: str, shown: Callable[[Sequence[M]], Sequence[Any]]) -> Response:
    """One page of `rows`: `{"results": […], "next": url | null, "previous": url | null}`."""
    pages = Pages(order)
    found = pages.paginate_queryset(rows, request) or []
    return Response({"results": shown(found), "next": pages.get_next_link(), "previous": pages.get_previous_link()})


def _no_cursor() -> BadRequest:
    return BadRequest("cursor is none that was given here", field="cursor")
