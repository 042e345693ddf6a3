"""The page of search: what one looks for, and where it was said. `begin` stands in the field, to be typed on."""

from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from chat.operations.search import asking
from chat.operations.search.finding import ORDERS, Found, search
from chat.protocol.errors import BadRequest, NotFound
from chat.protocol.values import parse_id
from chat.web.hits import items
from chat.web.page import member_page, sentence, show
from chat.web.person import reader

PAGE_HITS: Final = 20
EXAMPLES: Final = (
    ("release notes", "both words, or their beginnings"),
    ('"night run"', "just these words, side by side"),
    ("from:me", "said by somebody: a user name, or me"),
    ("in:#general", "in a room, or in:@name for a direct talk"),
    ("on:2026-03", "on a day, in a month or a year; also before: and after:"),
    ("has:file", "with a file, a link or code"),
    ("-draft", "without a word"),
)


@member_page
def page(request: HttpRequest) -> HttpResponseBase:
    query, order = request.GET.get("q", "").replace("\x00", "").strip(), request.GET.get("sort", "newest")
    order = order if order in ORDERS else "newest"
    found, problem = Found([], None), ""
    if query:
        after = parse_id(request.GET.get("cursor", ""))
        try:
            wanted = asking.wanted(reader(request), query)
            found = search(reader(request), wanted, order=order, after=after, limit=PAGE_HITS)
        except (BadRequest, NotFound) as refused:
            problem = sentence(refused)
    context = {
        "heading": "Search",
        "query": query,
        "field": query or request.GET.get("begin", "").replace("\x00", ""),
        "order": order,
        "problem": problem,
        "items": items(found.hits, reader(request)),
        "next": found.next,
        "examples": EXAMPLES,
    }
    return show(request, "pages/search.html", context, title=f"{query} · Search" if query else "Search")
