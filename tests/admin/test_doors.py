"""Invitations, logins, the workspace."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from chat.models import Invitation, Login, Room, User, Workspace
from chat.operations.logins import start_login
from chat.operations.rooms import create_room, update_room
from chat.operations.workspace import create_invitation
from tests.admin.conftest import Queries
from tests.admin.pages import act, form_data, listing, page, text, told
from tests.conftest import person
from tests.support.snapshot import agreeing

# Invitations -----------------------------------------------------------------------------------


@pytest.fixture
def invitation(alice: User, room: Room) -> Invitation:
    return create_invitation(actor=alice, room_id=room.pk)[0]


def test_invitations_are_listed_with_their_state(desk: Client, alice: User, invitation: Invitation) -> None:
    assert "alice Board 0 of 10" in text(desk.get(listing("invitation")))
    used_up, expired = (create_invitation(actor=alice)[0] for _ in range(2))
    Invitation.objects.filter(pk=used_up.pk).update(uses=10)
    Invitation.objects.filter(pk=expired.pk).update(expires_at=timezone.now() - timedelta(days=1))
    assert list(desk.get(listing("invitation", "?usable=1")).context["cl"].result_list) == [invitation]
    assert set(desk.get(listing("invitation", "?usable=0")).context["cl"].result_list) == {used_up, expired}
    words = text(desk.get(listing("invitation")))
    assert "used up" in words and "expired" in words


def test_an_invitation_is_revoked(desk: Client, invitation: Invitation) -> None:
    response = act(desk, "invitation", "revoke", invitation)
    assert told(response) == ["Revoked: 1 invitation."]
    assert "revoked" in text(response)
    assert not Invitation.objects.usable(timezone.now()).exists()


def test_its_token_is_nowhere(desk: Client, invitation: Invitation) -> None:
    for address in (listing("invitation"), page(invitation)):
        assert invitation.token_hash not in desk.get(address).content.decode()
    assert desk.get(listing("invitation", "add/")).status_code == 403
    assert desk.post(page(invitation), {"max_uses": "99"}).status_code == 403


# Logins ----------------------------------------------------------------------------------------


def test_logins_are_found(desk: Client, bob: User) -> None:
    login = start_login(user=bob, kind="token", session_key="s" * 32, user_agent="curl/8")
    for query in ("?q=bob", "?q=curl", f"?user__exact={bob.pk}", "?kind__exact=token", f"?live=1&user__exact={bob.pk}"):
        assert list(desk.get(listing("login", query)).context["cl"].result_list) == [login], query
    assert list(desk.get(listing("login", "?live=0")).context["cl"].result_list) == []
    for address in (listing("login"), page(login)):
        assert "s" * 32 not in desk.get(address).content.decode(), "a session's key is a secret"


def test_a_login_is_ended_and_its_sockets_hear(desk: Client, bob: User) -> None:
    login, other = (start_login(user=bob, kind="session") for _ in range(2))
    with agreeing() as events:
        response = act(desk, "login", "end", login)
    assert told(response) == ["Ended: 1 login."]
    assert [(event["stream"], event["data"]["logins"]) for event in events] == [(f"user:{bob.pk}", [str(login.pk)])]
    assert other in Login.objects.live()


def test_nobody_ends_where_they_are(desk: Client, alice: User) -> None:
    response = act(desk, "login", "end", Login.objects.get(user=alice))
    assert "sign out instead" in told(response)[0]
    assert Login.objects.live().filter(user=alice).exists()


def test_helpers_end_no_owners_login(helper: Client, alice: User, bob: User) -> None:
    hers, his = (start_login(user=user, kind="token") for user in (alice, bob))
    act(helper, "login", "end", hers, his)
    live = Login.objects.live()
    assert hers in live and his not in live


def test_the_number_of_queries_does_not_grow(queries: Queries, alice: User, invitation: Invitation) -> None:
    before = queries(listing("login")), queries(listing("invitation"))
    for number in range(20):
        start_login(user=person(f"guest{number}"), kind="session")
        create_invitation(actor=alice)
    assert (queries(listing("login")), queries(listing("invitation"))) == before
    assert max(before) <= 7


# The workspace ---------------------------------------------------------------------------------


def test_the_workspace_is_one_page(desk: Client, alice: User, open_room: Room) -> None:
    response = desk.get(listing("workspace"), follow=True)
    address = response.redirect_chain[-1][0]
    data = form_data(desk, address) | {"name": "Acme", "open_signup": "on", "lobby": str(open_room.pk)}
    response = desk.post(address, data, follow=True)
    assert response.status_code == 200
    workspace = Workspace.current()
    assert (workspace.name, workspace.open_signup, workspace.lobby) == ("Acme", True, open_room)
    desk.post(address, form_data(desk, address) | {"lobby": "", "open_signup": ""})
    workspace.refresh_from_db()
    assert (workspace.open_signup, workspace.lobby) == (False, None)
    assert desk.get(listing("workspace", "add/")).status_code == 403


def test_a_lobby_is_an_open_room(desk: Client, alice: User, room: Room) -> None:
    address = page(Workspace.current())
    data = form_data(desk, address)
    errors = desk.post(address, data | {"lobby": str(room.pk)}).context["adminform"].form.errors
    assert list(errors) == ["lobby"]
    errors = desk.post(address, data | {"name": " "}).context["adminform"].form.errors
    assert list(errors) == ["name"]


def test_a_lobby_that_was_archived_since_does_not_stand_in_the_way(desk: Client, alice: User) -> None:
    hall = create_room(actor=alice, name="Hall", kind="open")
    address = page(Workspace.current())
    desk.post(address, form_data(desk, address) | {"lobby": str(hall.pk)})
    update_room(actor=alice, room_id=hall.pk, archived=True)
    response = desk.post(address, form_data(desk, address) | {"name": "Acme"}, follow=True)
    assert response.status_code == 200
    assert (Workspace.current().name, Workspace.current().lobby) == ("Acme", hall)


def test_helpers_read_the_workspace(helper: Client, alice: User) -> None:
    address = page(Workspace.current())
    assert helper.get(address).status_code == 200
    assert helper.post(address, {"name": "Sam's"}).status_code == 403
