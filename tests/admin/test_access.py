"""Who gets in, and by which door."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from chat.models import Login, Room, User
from chat.operations.logins import end_all_logins
from tests.admin.conftest import signed_in
from tests.admin.pages import text

PLACES = ["user", "room", "invitation", "login", "message", "event"]


def test_owners_find_everything(desk: Client) -> None:
    page = desk.get("/admin/")
    assert page.status_code == 200
    for name in ("Users", "Rooms", "Invitations", "Logins", "Messages", "Events", "Workspace"):
        assert name in text(page)
    assert "Parley" in text(page)


@pytest.mark.parametrize("address", ["/admin/", "/admin/chat/user/", "/admin/chat/user/1/change/", "/admin/nowhere/"])
def test_who_is_not_signed_in_comes_back_by_the_page_that_makes_a_login(
    client: Client, alice: User, address: str
) -> None:
    response = client.get(address, follow=True)
    assert response.redirect_chain[-1][0].startswith("/sign-in/?next=/admin/")
    assert not Session.objects.exists()


def test_the_admins_own_form_makes_no_session(client: Client, alice: User) -> None:
    response = client.post("/admin/login/", {"username": "alice", "password": "a long enough word"})
    assert response.status_code == 302
    assert response["Location"].startswith("/sign-in/")
    assert not Login.objects.exists()
    assert not Session.objects.exists()


def test_the_way_back_leads_nowhere_else(client: Client, alice: User) -> None:
    for target in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        assert client.get("/admin/login/", {"next": target})["Location"] == "/sign-in/?next=/admin/"


@pytest.mark.parametrize("place", ["", *(f"chat/{name}/" for name in PLACES), "chat/user/add/"])
def test_who_is_not_staff_gets_out(bob: User, alice: User, place: str) -> None:
    response = signed_in(bob).get(f"/admin/{place}", follow=True)
    assert response.status_code == 403
    assert "owners" in text(response)
    assert "chat/user" not in response.content.decode()


def test_who_is_not_staff_changes_nothing(bob: User, alice: User, mallory: User) -> None:
    client = signed_in(bob)
    for action in ("disable", "make_owner", "revoke"):
        client.post("/admin/chat/user/", {"action": action, "index": "0", "_selected_action": [str(mallory.pk)]})
    mallory.refresh_from_db()
    assert mallory.is_active and not mallory.is_superuser


@pytest.mark.parametrize("place", [*PLACES, "workspace"])
def test_nothing_is_deleted_here(desk: Client, alice: User, room: Room, place: str) -> None:
    page = desk.get(f"/admin/chat/{place}/", follow=True)
    assert "delete_selected" not in page.content.decode()
    assert desk.post(f"/admin/chat/{place}/{alice.pk}/delete/", {"post": "yes"}).status_code in (302, 403)
    assert User.objects.filter(pk=alice.pk).exists()


@pytest.mark.parametrize("library", ["auth/group", "sessions/session"])
def test_tables_of_libraries_are_not_shown(desk: Client, library: str) -> None:
    assert desk.get(f"/admin/{library}/").status_code == 404


def test_signing_out_and_passwords_are_matters_of_the_pages(desk: Client) -> None:
    page = desk.get("/admin/").content.decode()
    assert 'action="/sign-out/"' in page
    assert desk.get("/admin/password_change/")["Location"] == "/password/change/"
    desk.post("/admin/logout/")
    assert Login.objects.live().exists(), "only the page that ends the login signs out"


def test_a_login_that_ended_opens_the_admin_no_more(desk: Client, alice: User) -> None:
    assert desk.get("/admin/").status_code == 200
    end_all_logins(user_id=alice.pk)
    assert desk.get("/admin/").status_code == 302


def test_pages_run_under_the_strict_policy(desk: Client, room: Room) -> None:
    """Nothing inline: what the policy forbids would be dead."""
    for address in ("/admin/", "/admin/chat/user/", "/admin/chat/user/add/", f"/admin/chat/room/{room.pk}/change/"):
        response = desk.get(address)
        assert "'unsafe-inline'" not in response["Content-Security-Policy"]
        page = response.content.decode()
        assert " style=" not in page and "<style" not in page and " onclick=" not in page
        assert "<script>" not in page


def test_times_are_those_of_the_readers_clock(desk: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(created_at="2026-01-01T23:30:00Z")
    assert "1 Jan 2026, 23:30" in text(desk.get(f"/admin/chat/user/{alice.pk}/change/"))
    desk.cookies["tz"] = "Asia/Tokyo"
    assert "2 Jan 2026, 08:30" in text(desk.get(f"/admin/chat/user/{alice.pk}/change/"))
    User.objects.filter(pk=alice.pk).update(time_zone="America/New_York")
    assert "1 Jan 2026, 18:30" in text(desk.get(f"/admin/chat/user/{alice.pk}/change/"))
    for nonsense in ("../../etc/passwd", "Nowhere", "\x00"):
        User.objects.filter(pk=alice.pk).update(time_zone="")
        desk.cookies["tz"] = nonsense
        assert desk.get("/admin/").status_code == 200
