"""/rooms/<slug>/hooks/: where the events of a room are sent to, and how that goes."""

from __future__ import annotations

from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from chat.models import Delivery, OutgoingHook, Room, User
from tests.web.conftest import SignedIn

PAGE = "/rooms/board/hooks/"
WANTED = {"url": "https://hooks.example.org/parley", "events": ["message.posted"]}


def made(client: Client) -> OutgoingHook:
    page = client.post(PAGE, WANTED, follow=True)
    hook = OutgoingHook.objects.latest("pk")
    assertContains(page, hook.secret)
    return hook


def test_it_is_made_its_secret_is_shown_once(alice: User, room: Room, signed_in: SignedIn) -> None:
    client = signed_in(alice)
    assertContains(client.get("/rooms/board/settings/"), PAGE)
    hook = made(client)
    page = client.get(PAGE)
    assertNotContains(page, hook.secret)
    assertContains(page, hook.url)
    assertContains(client.get(f"{PAGE}{hook.pk}/"), "None yet")


def test_what_cannot_be_is_said_at_its_field(alice: User, room: Room, signed_in: SignedIn) -> None:
    page = signed_in(alice).post(PAGE, WANTED | {"url": "http://hooks.example.org/"})
    assert "url" in page.context["form"].errors


def test_tries_are_shown_and_sent_again_from_there(alice: User, room: Room, signed_in: SignedIn) -> None:
    client = signed_in(alice)
    hook = made(client)
    OutgoingHook.objects.update(cursor=7)
    for seq, status, error in ((7, 200, ""), (8, None, "no answer in 10 s")):
        Delivery.objects.create(
            hook=hook, seq=seq, type="message.posted", at=timezone.now(), milliseconds=5, status=status, error=error
        )
    page = client.get(f"{PAGE}{hook.pk}/")
    assertContains(page, "no answer in 10 s")
    assertContains(page, "Again from here", count=1)
    again = client.post(f"{PAGE}{hook.pk}/change/", {"do": "redeliver", "seq": "7"})
    assertRedirects(again, f"{PAGE}{hook.pk}/")
    assert OutgoingHook.objects.get().cursor == 6


def test_it_is_disabled_enabled_and_deleted(alice: User, room: Room, signed_in: SignedIn) -> None:
    client = signed_in(alice)
    hook = made(client)
    client.post(f"{PAGE}{hook.pk}/change/", {"do": "disable"})
    assertContains(client.get(f"{PAGE}{hook.pk}/"), "Disabled since")
    assertContains(client.get(PAGE), "disabled: by hand")
    client.post(f"{PAGE}{hook.pk}/change/", {"do": "enable"})
    assertNotContains(client.get(f"{PAGE}{hook.pk}/"), "Disabled since")
    assertRedirects(client.post(f"{PAGE}{hook.pk}/change/", {"do": "delete"}), PAGE)
    assert not OutgoingHook.objects.exists()
    assert client.post(f"{PAGE}{hook.pk}/change/", {"do": "enable"}).status_code == 404


def test_members_do_not_see_them_and_outsiders_not_even_the_room(
    alice: User, bob: User, mallory: User, room: Room, signed_in: SignedIn
) -> None:
    hook = made(signed_in(alice))
    for person, status in ((bob, 403), (mallory, 404)):
        client = signed_in(person)
        for path in (PAGE, f"{PAGE}{hook.pk}/"):
            assert client.get(path).status_code == status
        assert client.post(f"{PAGE}{hook.pk}/change/", {"do": "delete"}).status_code == status
    assert OutgoingHook.objects.exists()
