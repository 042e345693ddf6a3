"""What a view takes and gives, said at the view: read by `chat.api.openapi`, and by nothing that runs."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from types import GenericAlias
from typing import Any, TypeVar

import msgspec
from drf_spectacular.utils import OpenApiParameter, extend_schema

from chat.protocol.examples import EXAMPLES as SOCKET

F = TypeVar("F", bound=Callable[..., Any])


def describe(
    operation: str,
    *,
    body: type[msgspec.Struct] | None = None,
    gives: type[msgspec.Struct] | None = None,
    status: int | Sequence[int] = 200,
    query: Sequence[OpenApiParameter] = (),
    refusals: Collection[int] = (),
    media: str = "",
    commands: Sequence[str] = (),
    form: Mapping[str, Any] | None = None,
) -> Callable[[F], F]:
    """`operation`: its name in the document. `refusals`: statuses beside those that every operation may answer.

    `media`: the type of an answer that is no JSON. `commands`: the ops that are taken, one or a list of them.
    `form`: the schema of a form that is taken.
    """
    statuses = [status] if isinstance(status, int) else status
    request: Any = {"application/json": _commands(commands)} if commands else body
    if form is not None:
        request = {"multipart/form-data": form}
    answers: dict[Any, Any] = dict.fromkeys(statuses, gives)
    if media:
        answers = {(200, media): str}
    if commands:
        answers = {200: {"type": "array", "items": {"type": "object"}, "examples": [[SOCKET["ok"]]]}}
    described = extend_schema(request=request, responses=answers, parameters=list(query))

    def mark(method: F) -> F:
        found: Any = described(method)
        found.operation, found.refusals = operation, refusals
        marked: F = found
        return marked

    return mark


def _commands(ops: Sequence[str]) -> dict[str, Any]:
    fields = {"op": {"type": "string", "enum": list(ops)}, "ref": {"type": ["string", "null"]}}
    one = {"type": "object", "required": ["op"], "properties": fields}
    examples = [SOCKET["post"], [SOCKET["post"], SOCKET["read"]]]
    return {"anyOf": [one, {"type": "array", "items": one, "maxItems": 100}], "examples": examples}


def number(name: str, description: str, least: int, most: int) -> OpenApiParameter:
    """A query parameter that is a whole number."""
    schema = {"type": "integer", "minimum": least, "maximum": most}
    return OpenApiParameter(name, schema, description=description)


def word(name: str, description: str, choices: Sequence[str] | None = None) -> OpenApiParameter:
    """A query parameter that is text."""
    return OpenApiParameter(name, str, description=description, enum=choices)


@cache
def pages_of(kind: type[msgspec.Struct]) -> type[msgspec.Struct]:
    """One page of a list, see `chat.api.paging`."""
    fields = [("results", GenericAlias(list, kind)), ("next", str | None), ("previous", str | None)]
    return msgspec.defstruct(f"{kind.__name__.removesuffix('Data')}Page", fields)


@cache
def list_of(kind: type[msgspec.Struct]) -> type[msgspec.Struct]:
    """A list that is never long."""
    return msgspec.defstruct(f"{kind.__name__.removesuffix('Data')}List", [("results", GenericAlias(list, kind))])


CURSOR = (
    OpenApiParameter("cursor", str, description="From `next` or `previous` of a page."),
    number("limit", "How many at most.", 1, 200),
)
