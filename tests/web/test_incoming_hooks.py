"""/rooms/<slug>/incoming/: the URLs by which other programs post into a room."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from chat.models import IncomingHook, Message, Room, User
from tests.web.conftest import SignedIn

PAGE = "/rooms/board/incoming/"


def made(client: Client) -> str:
    page = client.post(PAGE, {"name": "Builds"}, follow=True)
    assertContains(page, "The URL is ready")
    return re.search(r'value="(http[^"]+/hooks/[\w-]+)"', page.content.decode())[1]  # type: ignore[index]


def test_a_url_is_made_shown_once_and_posts(alice: User, room: Room, client: Client, signed_in: SignedIn) -> None:
    moderator = signed_in(alice)
    assertContains(moderator.get("/rooms/board/settings/"), PAGE)
    url = made(moderator)
    assertNotContains(moderator.get(PAGE), url)
    assertContains(moderator.get(PAGE), "Builds")
    sent = Client().post(urlsplit(url).path, {"text": "built"}, content_type="application/json")
    assert sent.status_code == 200
    assert Message.objects.get(body="built").sender.display_name == "Builds"
    page = moderator.get("/rooms/board/").content.decode()
    assert "built" in page and re.search(r"\bbot\b", page, re.IGNORECASE)


def test_it_is_revoked(alice: User, room: Room, signed_in: SignedIn) -> None:
    client = signed_in(alice)
    url = made(client)
    hook = IncomingHook.objects.get()
    assertRedirects(client.post(f"{PAGE}{hook.pk}/revoke/"), PAGE)
    assertNotContains(client.get(PAGE), "Builds")
    gone = Client().post(urlsplit(url).path, {"text": "built"}, content_type="application/json")
    assert gone.status_code == 404


def test_it_has_a_name(alice: User, room: Room, signed_in: SignedIn) -> None:
    page = signed_in(alice).post(PAGE, {"name": " "})
    assert "name" in page.context["form"].errors


def test_members_do_not_see_them_and_outsiders_not_even_the_room(
    alice: User, bob: User, mallory: User, room: Room, signed_in: SignedIn
) -> None:
    made(signed_in(alice))
    hook = IncomingHook.objects.get()
    member = signed_in(bob)
    assertNotContains(member.get("/rooms/board/settings/"), PAGE)
    assert member.get(PAGE).status_code == 403
    assert member.post(f"{PAGE}{hook.pk}/revoke/").status_code == 403
    outsider = signed_in(mallory)
    assert outsider.get(PAGE).status_code == 404
    assert outsider.post(f"{PAGE}{hook.pk}/revoke/").status_code == 404
