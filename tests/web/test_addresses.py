"""Addresses with ids that no row can have: none of ours, whoever asks and however."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from chat.admin import site
from chat.models import Room, User
from tests.web.conftest import SignedIn

NONE = ("0", "9223372036854775808", "9" * 30, "٣")
OTHERS = {"slug": "board", "username": "bob"}


def numbered(resolver: URLResolver, prefix: str = "/") -> Iterator[str]:
    """The addresses that have an id in them, as formats with `number`."""
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from numbered(each, prefix + str(each.pattern))
        elif isinstance(each, URLPattern) and "<id:" in (route := prefix + str(each.pattern)):
            path = route
            for name, converter in each.pattern.converters.items():
                kind = type(converter).__name__
                value = "{number}" if kind == "IdConverter" else OTHERS.get(name, "x")
                for written in ("id", "name", "str", "uuid", "int"):
                    path = path.replace(f"<{written}:{name}>", value)
            yield path


@pytest.mark.parametrize("number", NONE)
def test_an_id_that_no_row_can_have_is_not_found(
    signed_in: SignedIn, alice: User, bob: User, room: Room, number: str
) -> None:
    client: Client = signed_in(alice)
    paths = [path.format(number=number) for path in numbered(get_resolver())]
    assert len(paths) > 30
    for path in paths:
        for ask in (client.get, client.post):
            # The admin sends whatever it does not know to its list, with a word about it.
            answer = ask(path, follow=path.startswith("/admin/"))
            assert answer.status_code in (404, 405) or answer.request["PATH_INFO"] == "/admin/", path


@pytest.mark.parametrize("number", NONE)
def test_the_admin_has_no_such_row_either(signed_in: SignedIn, alice: User, number: str) -> None:
    client = signed_in(alice)
    for model in site._registry:
        for act in ("change", "delete", "history"):
            path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/{number}/{act}/"
            answer = client.get(path, follow=True)
            assert answer.status_code in (403, 404) or answer.request["PATH_INFO"] == "/admin/", path


def test_no_page_takes_just_any_number() -> None:
    assert not [route for route in map(str, _patterns(get_resolver())) if "<int:" in route]


def _patterns(resolver: URLResolver) -> Iterator[object]:
    for each in resolver.url_patterns:
        yield each.pattern
        if isinstance(each, URLResolver):
            yield from _patterns(each)
