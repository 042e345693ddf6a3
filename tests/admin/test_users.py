"""/admin/chat/user/"""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from chat.models import Event, Login, Room, User
from chat.operations.logins import start_login
from chat.operations.people import create_user
from tests.admin.conftest import Queries
from tests.admin.pages import act, form_data, listing, page, rows, text, told
from tests.conftest import person
from tests.support.cast import PASSWORD
from tests.support.snapshot import agreeing, ends

# The list --------------------------------------------------------------------------------------


def test_people_are_listed_with_what_matters(desk: Client, bob: User, room: Room) -> None:
    start_login(user=bob, kind="token")
    words = text(desk.get(listing("user")))
    assert "bob Bob bob@example.org Member 1" in words
    assert "alice Alice alice@example.org Owner 1" in words


@pytest.mark.parametrize("search", ["bob", "BOB", "Bob", "bob@example"])
def test_people_are_found_by_name_and_address(desk: Client, bob: User, mallory: User, search: str) -> None:
    found = desk.get(listing("user"), {"q": search})
    assert [user.username for user in found.context["cl"].result_list] == ["bob"]


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ("is_active__exact=0", ["mallory"]),
        ("is_bot__exact=1", ["robot"]),
        ("is_staff__exact=1", ["alice", "sam"]),
        ("is_superuser__exact=1", ["alice"]),
    ],
)
def test_people_are_filtered(desk: Client, sam: User, mallory: User, bob: User, filters: str, names: list[str]) -> None:
    create_user(actor=None, username="robot", password=None, is_bot=True)
    User.objects.filter(pk=mallory.pk).update(is_active=False)
    found = desk.get(listing("user", f"?{filters}"))
    assert [user.username for user in found.context["cl"].result_list] == names


def test_every_column_sorts(desk: Client, bob: User) -> None:
    for column in range(1, 8):
        assert rows(desk.get(listing("user"), {"o": column})) == 2
        assert rows(desk.get(listing("user"), {"o": -column})) == 2


def test_the_number_of_queries_does_not_grow(queries: Queries, bob: User, room: Room) -> None:
    before = queries(listing("user")), queries(page(bob)), queries(listing("user", "?q=b"))
    for number in range(30):
        start_login(user=person(f"b{number}a"), kind="session")
    after = queries(listing("user")), queries(page(bob)), queries(listing("user", "?q=b"))
    assert before == after
    assert max(after) <= 9


@pytest.mark.parametrize("search", ["\x00", "'", "%", "é" * 300, "\\", '"'])
def test_any_search_is_answered(desk: Client, search: str) -> None:
    for model in ("user", "room", "message", "event", "login", "invitation"):
        assert desk.get(listing(model), {"q": search}).status_code == 200, model


# A new one -------------------------------------------------------------------------------------


NEW = {"username": "Carol", "name": "Carol C.", "email": "carol@example.org"}
WITH_PASSWORD = NEW | {"password1": PASSWORD, "password2": PASSWORD}


def test_somebody_is_made(desk: Client, helper: Client) -> None:
    response = desk.post(listing("user", "add/"), WITH_PASSWORD, follow=True)
    carol = User.objects.get(username="Carol")
    assert response.redirect_chain == [(listing("user"), 302)]
    assert (carol.name, carol.email, carol.is_staff, carol.is_bot) == ("Carol C.", "carol@example.org", False, False)
    assert carol.check_password(PASSWORD)
    assert LogEntry.objects.get().object_id == str(carol.pk)
    helper.post(listing("user", "add/"), WITH_PASSWORD | {"username": "robot", "email": "", "is_bot": "on"})
    assert User.objects.get(username="robot").is_bot


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"username": "b0b"}, "username"),
        ({"username": "BOB"}, "username"),
        ({"username": "a b"}, "username"),
        ({"username": ""}, "username"),
        ({"email": "bob@EXAMPLE.org"}, None),
        ({"email": "nowhere"}, "email"),
        ({"name": "x" * 81}, "name"),
        ({"password1": "12345678", "password2": "12345678"}, "password1"),
        ({"password2": "another long word"}, "password2"),
        ({"password1": "", "password2": ""}, "password1"),
    ],
)
def test_what_is_refused_stands_at_its_field(desk: Client, bob: User, wrong: dict[str, str], field: str | None) -> None:
    response = desk.post(listing("user", "add/"), WITH_PASSWORD | wrong)
    assert response.status_code == 200
    errors = response.context["adminform"].form.errors
    assert errors
    if field is not None:
        assert field in errors
    assert User.objects.count() == 2


# Change ----------------------------------------------------------------------------------------


def test_a_profile_is_changed(desk: Client, bob: User, room: Room) -> None:
    data = form_data(desk, page(bob)) | {"name": "Robert", "time_zone": "Europe/Berlin", "hue": "7"}
    response = desk.post(page(bob), data, follow=True)
    assert "was changed" in told(response)[0]
    bob.refresh_from_db()
    assert (bob.name, bob.time_zone, bob.hue, bob.email) == ("Robert", "Europe/Berlin", 7, "bob@example.org")


def test_a_profile_that_cannot_be_is_refused_at_its_field(desk: Client, alice: User, bob: User) -> None:
    data = form_data(desk, page(bob))
    for wrong, field in [({"email": "x"}, "email"), ({"hue": "12"}, "hue"), ({"time_zone": "Mars"}, "time_zone")]:
        errors = desk.post(page(bob), data | wrong).context["adminform"].form.errors
        assert list(errors) == [field]
    response = desk.post(page(bob), data | {"email": "ALICE@example.org"})
    assert response.status_code == 200 and response.context["adminform"].form.errors


def test_standing_is_not_a_field(desk: Client, bob: User) -> None:
    forged = {"is_superuser": "on", "is_staff": "on", "username": "root", "password": "x", "is_active": ""}
    desk.post(page(bob), form_data(desk, page(bob)) | forged)
    fresh = User.objects.get(pk=bob.pk)
    assert (fresh.username, fresh.is_superuser, fresh.is_staff, fresh.is_active) == ("bob", False, False, True)
    assert fresh.password == bob.password


def test_a_new_password_signs_them_out_everywhere(desk: Client, bob: User) -> None:
    login = start_login(user=bob, kind="token")
    address = f"/admin/chat/user/{bob.pk}/password/"
    assert desk.get(address).status_code == 200
    with agreeing() as events:
        response = desk.post(address, {"password1": "some other word", "password2": "some other word"}, follow=True)
    assert response.redirect_chain == [(page(bob), 302)]
    assert [(event["stream"], event["data"]) for event in events] == [(f"user:{bob.pk}", {"logins": [str(login.pk)]})]
    assert User.objects.get(pk=bob.pk).check_password("some other word")


def test_a_weak_or_mistyped_password_is_refused(desk: Client, bob: User) -> None:
    address = f"/admin/chat/user/{bob.pk}/password/"
    for one, other in (("12345678", "12345678"), ("some other word", "some othr word"), ("", "")):
        response = desk.post(address, {"password1": one, "password2": other})
        assert response.status_code == 200 and response.context["form"].errors
    assert User.objects.get(pk=bob.pk).check_password(PASSWORD)


def test_ones_own_password_is_changed_on_the_page(desk: Client, alice: User) -> None:
    assert desk.get(f"/admin/chat/user/{alice.pk}/password/")["Location"] == "/password/change/"
    assert desk.get("/admin/chat/user/999999/password/").status_code == 404


# Actions ---------------------------------------------------------------------------------------


def standing(user: User) -> tuple[bool, bool, bool]:
    """(enabled, staff, owner)"""
    user.refresh_from_db()
    return user.is_active, user.is_staff, user.is_superuser


def test_disabling_cuts_them_off_and_enabling_lets_them_in(desk: Client, bob: User, mallory: User) -> None:
    logins = {user.pk: str(start_login(user=user, kind="session").pk) for user in (bob, mallory)}
    with agreeing() as events:
        response = act(desk, "user", "disable", bob, mallory)
    assert told(response) == ["Disabled: 2 users."]
    assert {event["stream"] for event in events} == {f"user:{pk}" for pk in logins}
    assert all(ends(event, logins[int(event["stream"].removeprefix("user:"))]) for event in events)
    assert standing(bob)[0] is standing(mallory)[0] is False
    assert {entry.get_change_message() for entry in LogEntry.objects.all()} == {"Disabled."}

    act(desk, "user", "enable", bob)
    assert standing(bob)[0]


def test_revoking_ends_sessions_and_tokens(desk: Client, bob: User) -> None:
    logins = {str(start_login(user=bob, kind=kind).pk) for kind in ("session", "token")}
    with agreeing() as events:
        act(desk, "user", "revoke", bob)
    assert set(events[0]["data"]["logins"]) == logins
    assert standing(bob)[0]


def test_of_oneself_the_present_login_is_kept(desk: Client, alice: User) -> None:
    start_login(user=alice, kind="token")
    act(desk, "user", "revoke", alice)
    assert desk.get("/admin/").status_code == 200
    assert Login.objects.live().count() == 1


def test_standing_is_given_and_taken(desk: Client, bob: User) -> None:
    for action, expected in [
        ("make_staff", (True, True, False)),
        ("make_owner", (True, True, True)),
        ("make_member", (True, False, False)),
    ]:
        act(desk, "user", action, bob)
        assert standing(bob) == expected


def test_what_is_refused_is_told_and_the_rest_is_done(desk: Client, alice: User, bob: User) -> None:
    response = act(desk, "user", "disable", alice, bob)
    assert told(response) == ["Disabled: 1 user.", "alice: this is you"]
    assert standing(alice)[0] and not standing(bob)[0]
    assert told(act(desk, "user", "make_owner", bob)) == ["bob: an owner is a person whose account is enabled"]
    assert told(act(desk, "user", "make_member", alice)) == ["alice: this is the last owner"]
    assert not Event.objects.filter(stream=alice.pk, type="access.revoked").exists()


def test_many_refusals_are_not_all_told(desk: Client, alice: User) -> None:
    bots = [create_user(actor=None, username=f"robot{number}", password=None, is_bot=True) for number in range(9)]
    messages = told(act(desk, "user", "make_owner", *bots))
    assert len(messages) == 6 and messages[-1] == "… and 4 more."


def test_an_action_asked_for_on_somebodys_page_leads_back_there(desk: Client, bob: User) -> None:
    assert 'value="disable"' in desk.get(page(bob)).content.decode()
    data = {"action": "disable", "index": "0", "_selected_action": str(bob.pk), "from_page": "1"}
    response = desk.post(listing("user"), data, follow=True)
    assert response.redirect_chain == [(page(bob), 302)]
    offered = response.content.decode()
    assert 'value="enable"' in offered and 'value="disable"' not in offered


# Staff who do not own ---------------------------------------------------------------------------


def test_helpers_help_but_touch_no_owner(helper: Client, alice: User, bob: User) -> None:
    act(helper, "user", "disable", alice, bob)
    assert standing(alice)[0] and not standing(bob)[0]
    act(helper, "user", "enable", bob)
    assert standing(bob)[0]
    start_login(user=alice, kind="token")
    act(helper, "user", "revoke", alice)
    assert Login.objects.live().filter(user=alice).exists()


@pytest.mark.parametrize("action", ["make_owner", "make_staff", "make_member"])
def test_helpers_give_no_standing(helper: Client, sam: User, bob: User, action: str) -> None:
    assert action not in helper.get(listing("user")).content.decode()
    for user in (sam, bob):
        before = standing(user)
        act(helper, "user", action, user)
        assert standing(user) == before


def test_helpers_read_an_owners_page_and_change_nothing_there(helper: Client, alice: User) -> None:
    response = helper.get(page(alice))
    assert response.status_code == 200
    assert 'name="email"' not in response.content.decode()
    assert helper.post(page(alice), {"name": "X", "email": "sam@example.org", "hue": "1"}).status_code == 403
    address = f"/admin/chat/user/{alice.pk}/password/"
    assert helper.get(address).status_code == 403
    assert helper.post(address, {"password1": "some other word", "password2": "some other word"}).status_code == 403
    assert User.objects.get(pk=alice.pk).check_password(PASSWORD)


def suggestions(client: Client, term: str) -> list[Any]:
    asked = {"term": term, "app_label": "chat", "model_name": "membership", "field_name": "user"}
    return [found["text"] for found in client.get("/admin/autocomplete/", asked).json()["results"]]


def test_only_who_is_enabled_is_suggested(desk: Client, bob: User) -> None:
    assert suggestions(desk, "bo") == ["bob"]
    act(desk, "user", "disable", bob)
    assert suggestions(desk, "bo") == []


def test_an_expired_personal_token_does_not_count_as_open(desk: Client, bob: User) -> None:
    token = Login.objects.create(user=bob, kind=Login.Kind.PERSONAL, name="ci", expires_at=timezone.now())
    assert rows(desk.get(listing("login", "?live=1&q=ci"))) == 0
    assert rows(desk.get(listing("login", "?live=0&q=ci"))) == 1
    assert 'alt="False"' in desk.get(page(token)).content.decode()
