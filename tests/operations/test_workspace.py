"""The first hour, signing up, invitations, the settings of the whole."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from chat.models import Invitation, Membership, Room, User, Workspace
from chat.operations.membership import change_role, remove_member
from chat.operations.people import disable_user, make_member, make_owner
from chat.operations.rooms import create_room, open_direct, update_room
from chat.operations.workspace import (
    accept_invitation,
    create_invitation,
    find_invitation,
    revoke_invitation,
    set_up,
    sign_up,
    update_workspace,
)
from chat.protocol.errors import BadRequest, Conflict, Forbidden, NotFound
from tests.support.cast import PASSWORD
from tests.support.refusals import refused
from tests.support.snapshot import agreeing


def rooms_of(user: User) -> set[str]:
    return set(Room.objects.of_member(user).values_list("name", flat=True))


# set up ----------------------------------------------------------------------------------------


def test_the_first_visitor_owns_the_place_and_its_first_room(db: None) -> None:
    with agreeing() as events:
        owner = set_up(workspace_name=" Acme ", username="ada", password=PASSWORD, name="Ada", email="ada@example.org")
    assert (owner.is_staff, owner.is_superuser, owner.email) == (True, True, "ada@example.org")
    workspace = Workspace.current()
    assert workspace.name == "Acme"
    assert workspace.set_up_at is not None
    assert workspace.lobby is not None
    assert Membership.objects.get(room=workspace.lobby, user=owner).role == "owner"
    assert [event["type"] for event in events] == ["member.joined", "room.added"]


def test_there_is_one_first_visitor(bob: User) -> None:
    with refused(Conflict):
        set_up(workspace_name="Acme", username="ada", password=PASSWORD)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"workspace_name": " "}, "workspace_name"),
        ({"username": "a b"}, "username"),
        ({"password": "1234"}, "password"),
    ],
)
def test_a_set_up_that_is_refused_leaves_nothing_behind(db: None, wrong: dict[str, str], field: str) -> None:
    with refused(BadRequest, field):
        set_up(**{"workspace_name": "Acme", "username": "ada", "password": PASSWORD} | wrong)
    assert not User.objects.exists()
    assert set_up(workspace_name="Acme", username="ada", password=PASSWORD).is_superuser


# sign up ---------------------------------------------------------------------------------------


@pytest.fixture
def ada(db: None) -> User:
    return set_up(workspace_name="Acme", username="ada", password=PASSWORD)


def test_sign_up_is_by_invitation_until_the_owner_opens_it(ada: User) -> None:
    with refused(Forbidden):
        sign_up(username="bob", password=PASSWORD)
    update_workspace(actor=ada, open_signup=True)
    with agreeing() as events:
        bob = sign_up(username="bob", password=PASSWORD, name="Bob")
    assert not bob.is_staff
    assert rooms_of(bob) == {"General"}
    assert [event["type"] for event in events] == ["member.joined", "room.added"]
    with refused(Conflict, "username"):
        sign_up(username="B0b", password=PASSWORD)


def test_a_lobby_that_is_archived_or_gone_is_entered_by_nobody(ada: User) -> None:
    update_workspace(actor=ada, open_signup=True)
    lobby = Workspace.current().lobby
    assert lobby is not None
    update_room(actor=ada, room_id=lobby.pk, archived=True)
    assert rooms_of(sign_up(username="bob", password=PASSWORD)) == set()
    update_workspace(actor=ada, lobby_id=None)
    assert rooms_of(sign_up(username="carol", password=PASSWORD)) == set()


# settings --------------------------------------------------------------------------------------


def test_owners_and_the_operator_change_the_settings(ada: User) -> None:
    hall = create_room(actor=ada, name="Hall", kind="open")
    update_workspace(actor=ada, name=" Acme & Sons ", open_signup=True, lobby_id=hall.pk)
    workspace = Workspace.current()
    assert (workspace.name, workspace.open_signup, workspace.lobby) == ("Acme & Sons", True, hall)
    update_workspace(actor=None, name="Acme")
    workspace.refresh_from_db()
    assert (workspace.name, workspace.open_signup, workspace.lobby) == ("Acme", True, hall)


def test_settings_that_cannot_be_are_refused(ada: User) -> None:
    secret = create_room(actor=ada, name="Secret", kind="private")
    closed = create_room(actor=ada, name="Closed", kind="open")
    update_room(actor=ada, room_id=closed.pk, archived=True)
    for room_id in (secret.pk, closed.pk, 999_999):
        with refused(BadRequest, "lobby"):
            update_workspace(actor=ada, lobby_id=room_id)
    with refused(BadRequest, "name"):
        update_workspace(actor=ada, name="")
    with refused(Forbidden):
        update_workspace(actor=User.objects.create_user("bob"), open_signup=True)


# invitations -----------------------------------------------------------------------------------


def test_an_invitation_leads_into_the_lobby_and_its_room(ada: User) -> None:
    board = create_room(actor=ada, name="Board", kind="private")
    invitation, token = create_invitation(actor=ada, room_id=board.pk, days=7, max_uses=2)
    assert token not in str(vars(invitation))
    assert find_invitation(token=token) == invitation
    with agreeing() as events:
        bob = accept_invitation(token=token, username="bob", password=PASSWORD)
    assert rooms_of(bob) == {"General", "Board"}
    assert sorted(event["type"] for event in events) == ["member.joined"] * 2 + ["room.added"] * 2
    accept_invitation(token=token, username="carol", password=PASSWORD)
    with refused(NotFound):
        accept_invitation(token=token, username="dave", password=PASSWORD)


def test_a_name_that_is_refused_uses_nothing_up(ada: User) -> None:
    invitation, token = create_invitation(actor=ada, max_uses=1)
    with refused(Conflict, "username"):
        accept_invitation(token=token, username="Ada", password=PASSWORD)
    invitation.refresh_from_db()
    assert invitation.uses == 0
    assert rooms_of(accept_invitation(token=token, username="bob", password=PASSWORD)) == {"General"}


def test_owners_invite_anywhere_those_who_moderate_into_their_room(
    ada: User, bob: User, alice: User, moderator: User, mallory: User, room: Room, open_room: Room
) -> None:
    for actor in (alice, moderator):
        assert create_invitation(actor=actor, room_id=room.pk)[0].room == room
    for actor, room_id, refusal in [
        (alice, None, Forbidden),
        (bob, room.pk, Forbidden),
        (mallory, room.pk, NotFound),
        (mallory, open_room.pk, Forbidden),
        (ada, open_direct(actor=ada, other=bob).pk, Forbidden),
    ]:
        with refused(refusal):
            create_invitation(actor=actor, room_id=room_id)


@pytest.mark.parametrize("wrong", [{"days": 0}, {"days": 91}, {"max_uses": 0}, {"max_uses": 1_001}])
def test_an_invitation_has_limits(ada: User, wrong: dict[str, int]) -> None:
    with refused(BadRequest, next(iter(wrong))):
        create_invitation(actor=ada, **wrong)


def test_an_invitation_ends(ada: User, bob: User) -> None:
    def ends(act: object) -> None:
        invitation, token = create_invitation(actor=ada)
        find_invitation(token=token)
        act(invitation)  # type: ignore[operator]
        with refused(NotFound):
            accept_invitation(token=token, username="carol", password=PASSWORD)

    now = timezone.now()
    ends(lambda invitation: revoke_invitation(actor=ada, invitation_id=invitation.pk))
    ends(lambda invitation: revoke_invitation(actor=None, invitation_id=invitation.pk))
    ends(lambda invitation: Invitation.objects.filter(pk=invitation.pk).update(expires_at=now - timedelta(seconds=1)))
    make_owner(actor=None, user_id=bob.pk)
    ends(lambda invitation: disable_user(actor=None, user_id=ada.pk))


@pytest.mark.parametrize("token", ["", "x", "é" * 100, "\ud800", "x" * 100_000])
def test_a_token_that_was_never_given_opens_nothing(ada: User, token: str) -> None:
    with refused(NotFound):
        find_invitation(token=token)


def test_an_invitation_is_revoked_by_an_owner_or_its_maker(ada: User, alice: User, bob: User, room: Room) -> None:
    invitation, _ = create_invitation(actor=alice, room_id=room.pk)
    with refused(NotFound):
        revoke_invitation(actor=bob, invitation_id=invitation.pk)
    revoke_invitation(actor=alice, invitation_id=invitation.pk)
    with refused(NotFound):
        revoke_invitation(actor=ada, invitation_id=999_999)


def test_an_invitation_ends_with_the_right_to_invite(ada: User, alice: User, bob: User, room: Room) -> None:
    change_role(actor=alice, room_id=room.pk, user_id=bob.pk, role="moderator")
    _, into_the_room = create_invitation(actor=bob, room_id=room.pk)
    remove_member(actor=alice, room_id=room.pk, user_id=bob.pk)
    make_owner(actor=None, user_id=alice.pk)
    _, anywhere = create_invitation(actor=ada)
    make_member(actor=None, user_id=ada.pk)
    for token in (into_the_room, anywhere):
        with refused(NotFound):
            accept_invitation(token=token, username="carol", password=PASSWORD)


def test_an_archived_room_is_not_entered_by_its_invitation(ada: User) -> None:
    board = create_room(actor=ada, name="Board", kind="private")
    _, token = create_invitation(actor=ada, room_id=board.pk)
    update_room(actor=ada, room_id=board.pk, archived=True)
    assert rooms_of(accept_invitation(token=token, username="bob", password=PASSWORD)) == {"General"}
