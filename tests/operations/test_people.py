"""People: made, changed, disabled, given and taken what they may."""

from __future__ import annotations

import pytest

from chat.models import Login, Room, User
from chat.operations.logins import start_login
from chat.operations.people import (
    change_password,
    create_user,
    disable_user,
    enable_user,
    make_member,
    make_owner,
    make_staff,
    revoke_access,
    update_profile,
)
from chat.protocol.errors import BadRequest, Conflict, Forbidden, NotFound
from tests.support.cast import PASSWORD
from tests.support.refusals import refused
from tests.support.snapshot import agreeing

# make ------------------------------------------------------------------------------------------


def test_staff_and_the_operator_make_people(owner: User) -> None:
    for actor, name in ((owner, "carol"), (None, "dave")):
        with agreeing():
            user = create_user(actor=actor, username=name, password=PASSWORD, name=f" {name} ", email=f"{name}@b.org")
        assert (user.username, user.name, user.is_active, user.is_staff) == (name, name, True, False)
        assert user.check_password(PASSWORD)
        assert 0 <= user.hue < 12


def test_others_do_not(bob: User) -> None:
    with refused(Forbidden):
        create_user(actor=bob, username="carol", password=PASSWORD)


def test_without_a_password_nobody_signs_in_by_one(db: None) -> None:
    bot = create_user(actor=None, username="robot", password=None, is_bot=True)
    assert bot.is_bot and not bot.has_usable_password()


@pytest.mark.parametrize("name", ["bob", "BOB", " Bob ", "\uff42ob", "b\u043eb", "b0b"])
def test_a_name_that_is_taken_or_looks_taken_is_a_conflict(bob: User, name: str) -> None:
    with refused(Conflict, "username"):
        create_user(actor=None, username=name, password=PASSWORD)


@pytest.mark.parametrize("name", ["", " ", "a b", "-a", "a.", "a@b", "a\x00b", "\ud800", "x" * 65, "x" * 1_000, "🙂"])
def test_what_is_no_name_is_refused(db: None, name: str) -> None:
    with refused(BadRequest, "username"):
        create_user(actor=None, username=name, password=PASSWORD)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"email": "nowhere"}, "email"),
        ({"name": "x" * 81}, "name"),
        ({"name": "a\x00"}, "name"),
        ({"hue": 12}, "hue"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"password": "12345678"}, "password"),
        ({"password": "carol"}, "password"),
    ],
)
def test_values_that_cannot_be_name_their_field(db: None, wrong: dict[str, object], field: str) -> None:
    with refused(BadRequest):
        try:
            create_user(**{"actor": None, "username": "carol", "password": PASSWORD} | wrong)  # type: ignore[arg-type]
        except BadRequest as error:
            assert error.field in (field, None) if field == "hue" else error.field == field
            raise


def test_an_address_belongs_to_one(bob: User) -> None:
    with refused(Conflict):
        create_user(actor=None, username="carol", password=PASSWORD, email="BOB@example.org")


# profile ---------------------------------------------------------------------------------------


def test_a_profile_changes_what_is_given(bob: User) -> None:
    with agreeing():
        update_profile(user=bob, name=" Bobby ", time_zone="Europe/Berlin", hue=3)
    bob.refresh_from_db()
    assert (bob.name, bob.time_zone, bob.hue, bob.email) == ("Bobby", "Europe/Berlin", 3, "bob@example.org")
    update_profile(user=bob, email="")
    bob.refresh_from_db()
    assert (bob.name, bob.email) == ("Bobby", "")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "x" * 81}, "name"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"hue": -1}, "hue"),
        ({"hue": 12}, "hue"),
        ({"email": "nowhere"}, "email"),
    ],
)
def test_a_profile_refuses_what_cannot_be(bob: User, wrong: dict[str, object], field: str) -> None:
    with refused(BadRequest, field):
        update_profile(user=bob, **wrong)  # type: ignore[arg-type]


def test_somebody_elses_address_is_a_conflict(alice: User, bob: User) -> None:
    with refused(Conflict):
        update_profile(user=bob, email="Alice@example.org")


# password --------------------------------------------------------------------------------------


def test_a_new_password_ends_every_other_login(bob: User) -> None:
    kept, other = (start_login(user=bob, kind=kind) for kind in ("session", "token"))
    with agreeing() as events:
        change_password(user=bob, new_password="another long word", keep_login=kept.pk)
    assert [(event["type"], event["data"]["logins"]) for event in events] == [("access.revoked", [str(other.pk)])]
    assert list(Login.objects.live()) == [kept]
    assert User.objects.get(pk=bob.pk).check_password("another long word")


def test_a_weak_password_changes_nothing(bob: User) -> None:
    start_login(user=bob, kind="session")
    with refused(BadRequest, "password"):
        change_password(user=bob, new_password="password")
    assert User.objects.get(pk=bob.pk).check_password(PASSWORD)
    assert Login.objects.live().count() == 1


# disable, enable -------------------------------------------------------------------------------


def test_who_is_disabled_is_cut_off_and_stays_in_the_rooms(owner: User, bob: User, room: Room) -> None:
    start_login(user=bob, kind="session")
    with agreeing() as events:
        disable_user(actor=owner, user_id=bob.pk)
    assert [(event["stream"], event["type"], event["data"]) for event in events] == [
        (f"user:{bob.pk}", "access.revoked", {"logins": None})
    ]
    assert not User.objects.get(pk=bob.pk).is_active
    with pytest.raises(Forbidden):
        start_login(user=User.objects.get(pk=bob.pk), kind="session")
    with agreeing():
        enable_user(actor=owner, user_id=bob.pk)
    assert User.objects.get(pk=bob.pk).is_active
    assert not Login.objects.live().exists(), "what was ended stays ended"


def test_the_last_owner_stays(owner: User, bob: User) -> None:
    for take in (disable_user, make_member):
        for actor in (owner, None):
            with refused(Forbidden):
                take(actor=actor, user_id=owner.pk)
    bob = make_owner(actor=owner, user_id=bob.pk)
    disable_user(actor=bob, user_id=owner.pk)
    with refused(Forbidden):
        make_member(actor=None, user_id=bob.pk)


# standing --------------------------------------------------------------------------------------


def test_owners_give_and_take_standing(owner: User, bob: User) -> None:
    def standing() -> tuple[bool, bool]:
        bob.refresh_from_db()
        return bob.is_staff, bob.is_superuser

    make_staff(actor=owner, user_id=bob.pk)
    assert standing() == (True, False)
    make_owner(actor=owner, user_id=bob.pk)
    assert standing() == (True, True)
    make_member(actor=owner, user_id=bob.pk)
    assert standing() == (False, False)


def test_a_bot_or_somebody_disabled_gets_none(owner: User, bob: User) -> None:
    bot = create_user(actor=None, username="robot", password=None, is_bot=True)
    disable_user(actor=None, user_id=bob.pk)
    for user in (bot, bob):
        for give in (make_staff, make_owner):
            with refused(Forbidden):
                give(actor=owner, user_id=user.pk)


@pytest.mark.parametrize("act", [disable_user, enable_user, make_owner, make_staff, make_member, revoke_access])
def test_only_owners_manage_people(alice: User, bob: User, owner: User, act: object) -> None:
    make_staff(actor=None, user_id=bob.pk)
    bob.refresh_from_db()
    with refused(Forbidden):
        act(actor=bob, user_id=owner.pk)  # type: ignore[operator]
    with refused(NotFound, "user"):
        act(actor=owner, user_id=999_999)  # type: ignore[operator]


def test_revoking_access_ends_every_login(owner: User, bob: User) -> None:
    logins = {str(start_login(user=bob, kind=kind).pk) for kind in ("session", "token", "token")}
    with agreeing() as events:
        assert revoke_access(actor=owner, user_id=bob.pk) == 3
    assert set(events[0]["data"]["logins"]) == logins
    with agreeing() as events:
        assert revoke_access(actor=owner, user_id=bob.pk) == 0
    assert events == []
