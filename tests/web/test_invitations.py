"""/invitations/ makes, lists and revokes links; /invite/<token>/ lets people in."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from chat.models import Invitation, Membership, Room, User
from tests.web.conftest import PASSWORD, SignedIn

ANSWERS = {"name": "Grace", "username": "grace", "email": "", "password": PASSWORD}


def make_link(client: Client, room: Room | None = None, **wanted: int) -> str:
    """The path of a fresh link."""
    wish = {"room": str(room.pk) if room else "", "days": 7, "max_uses": 1} | wanted
    page = client.post("/invitations/", wish, follow=True)
    assertContains(page, "The link is ready")
    return urlsplit(page.context["link"]).path


def test_an_owner_makes_a_link_and_somebody_comes_in_by_it(
    alice: User, room: Room, client: Client, signed_in: SignedIn
) -> None:
    link = make_link(signed_in(alice), room)

    assertContains(client.get(link), "Alice Adams invites you")
    assertRedirects(client.post(link, ANSWERS), "/", fetch_redirect_response=False)

    assertContains(client.get("/rooms/board/"), "Message Board")
    assert Membership.objects.live().filter(room=room, user__username="grace").exists()


def test_a_fresh_link_is_shown_once(alice: User, signed_in: SignedIn) -> None:
    client = signed_in(alice)
    make_link(client)
    assertNotContains(client.get("/invitations/"), "The link is ready")


def test_a_link_lets_in_so_many_and_no_more(alice: User, client: Client, signed_in: SignedIn) -> None:
    link = make_link(signed_in(alice))
    client.post(link, ANSWERS)
    late = Client().post(link, ANSWERS | {"username": "hopper"})
    assertContains(late, "does not work any more", status_code=404)
    assert not User.objects.named("hopper").exists()


def test_an_expired_a_revoked_and_an_invented_link_look_alike(alice: User, client: Client, signed_in: SignedIn) -> None:
    owner = signed_in(alice)
    expired, revoked = make_link(owner), make_link(owner)
    first, second = Invitation.objects.order_by("pk")
    Invitation.objects.filter(pk=first.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assertRedirects(owner.post(f"/invitations/{second.pk}/revoke/"), "/invitations/")
    for link in (expired, revoked, "/invite/invented/"):
        assertContains(client.get(link), "does not work any more", status_code=404)


def test_a_moderator_invites_into_the_own_room_only(
    alice: User, bob: User, room: Room, open_room: Room, signed_in: SignedIn
) -> None:
    Membership.objects.filter(room=room, user=bob).update(role="moderator")
    client = signed_in(bob)
    make_link(client, room)
    for elsewhere in ("", str(open_room.pk)):
        page = client.post("/invitations/", {"room": elsewhere, "days": 7, "max_uses": 1})
        assert page.status_code == 200
        assert page.context["form"].errors
    assert Invitation.objects.count() == 1


def test_others_may_not_invite(mallory: User, bob: User, room: Room, signed_in: SignedIn) -> None:
    for user in (mallory, bob):
        assertContains(signed_in(user).get("/invitations/"), "You may not do this", status_code=403)


def test_nobody_revokes_what_others_made(alice: User, bob: User, room: Room, signed_in: SignedIn) -> None:
    make_link(signed_in(alice))
    assert signed_in(bob).post(f"/invitations/{Invitation.objects.get().pk}/revoke/").status_code == 404
    assert Invitation.objects.get().revoked_at is None


def test_who_is_in_already_makes_no_second_account(alice: User, bob: User, signed_in: SignedIn) -> None:
    link = make_link(signed_in(alice))
    assertContains(signed_in(bob).post(link, ANSWERS), "You are here already")
    assert Invitation.objects.get().uses == 0


def test_numbers_that_cannot_be_are_refused_at_their_fields(alice: User, signed_in: SignedIn) -> None:
    page = signed_in(alice).post("/invitations/", {"room": "", "days": 0, "max_uses": 10**9})
    assert page.context["form"].errors.keys() == {"days", "max_uses"}
