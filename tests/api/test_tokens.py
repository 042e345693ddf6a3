"""tokens/, logins/, bots/: ways in, made and ended by people who have signed in."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from chat.models import Login, User
from chat.operations.membership import add_member
from chat.operations.people import change_password, disable_user, revoke_access
from tests.support.rest import Rest, problem


@pytest.fixture
def as_owner(alice: User, as_alice: Rest) -> Rest:
    User.objects.filter(pk=alice.pk).update(is_superuser=True)
    return as_alice


def made(rest: Rest, path: str = "tokens/", **fields) -> dict:
    response = rest.post(path, {"name": "script", **fields})
    assert response.status_code == 201, response.content
    return response.json()


def test_a_personal_token_is_shown_once_and_opens_doors(as_alice, alice):
    token = made(as_alice, scopes=["read", "manage"], days=30)
    assert token["token"].startswith("parley_")
    assert Rest(token["token"]).get("me/").json()["username"] == "alice"
    (listed,) = as_alice.get("tokens/").json()["results"]
    assert {name: token[name] for name in listed if name != "last_used_at"} == {
        name: value for name, value in listed.items() if name != "last_used_at"
    }
    assert listed["scopes"] == ["read", "manage"] and listed["expires_at"]
    assert token["last_used_at"] is None and listed["last_used_at"]
    assert not Login.objects.filter(token_hash__contains=token["token"]).exists()


def test_it_is_one_query_and_its_use_is_noted_once_a_minute(as_alice, queries):
    rest = Rest(made(as_alice)["token"])
    rest.get("me/")
    with queries() as asked:
        rest.get("me/")
    assert asked.number == 1


def test_without_fields_it_may_everything_and_does_not_expire(as_alice):
    token = made(as_alice)
    assert (token["scopes"], token["expires_at"]) == (["read", "write", "manage"], None)


def test_each_scope_opens_what_it_says(as_alice, room):
    post = {"id": str(uuid.uuid4()), "body": "hello"}
    for scope, allowed in {"read": (200, 403, 403), "write": (403, 201, 403), "manage": (403, 403, 200)}.items():
        rest = Rest(made(as_alice, scopes=[scope])["token"])
        answers = (
            rest.get("rooms/"),
            rest.post(f"rooms/{room.pk}/messages/", post | {"id": str(uuid.uuid4())}),
            rest.patch(f"rooms/{room.pk}/", {"topic": scope}),
        )
        assert tuple(answer.status_code for answer in answers) == allowed, scope
        assert all("scope" in problem(each, 403, "forbidden")["detail"] for each in answers if each.status_code == 403)


def test_a_revoked_token_opens_nothing(as_alice):
    token = made(as_alice)
    assert as_alice.delete(f"tokens/{token['id']}/").status_code == 204
    problem(Rest(token["token"]).get("me/"), 401, "unauthorized")
    problem(as_alice.delete(f"tokens/{token['id']}/"), 404, "not_found")
    assert as_alice.get("tokens/").json()["results"] == []


def test_an_expired_token_opens_nothing(as_alice):
    token = made(as_alice, days=1)
    Login.objects.filter(pk=token["id"]).update(expires_at=timezone.now() - timedelta(seconds=1))
    problem(Rest(token["token"]).get("me/"), 401, "unauthorized")
    assert as_alice.get("tokens/").json()["results"] == []


def test_a_disabled_person_has_no_token(as_alice, as_bob, bob):
    token = made(as_bob)["token"]
    disable_user(actor=None, user_id=bob.pk)
    problem(Rest(token).get("me/"), 401, "unauthorized")


def test_a_new_password_ends_sign_ins_and_leaves_personal_tokens(as_alice, alice):
    token = made(as_alice)["token"]
    change_password(user=alice, new_password="quite another horse")
    problem(as_alice.get("me/"), 401, "unauthorized")
    assert Rest(token).get("me/").status_code == 200
    revoke_access(actor=None, user_id=alice.pk)
    problem(Rest(token).get("me/"), 401, "unauthorized")


def test_others_tokens_do_not_exist(as_alice, as_bob):
    token = made(as_alice)
    problem(as_bob.delete(f"tokens/{token['id']}/"), 404, "not_found")
    assert Rest(token["token"]).get("me/").status_code == 200


def test_a_personal_token_makes_no_way_in(as_alice):
    rest = Rest(made(as_alice)["token"])
    problem(rest.post("tokens/", {"name": "more"}), 403, "forbidden")
    for path in "tokens/", "logins/", "bots/":
        problem(rest.get(path), 403, "forbidden")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["root"]}, "scopes"),
        ({"days": 0}, "days"),
        ({"days": 4000}, "days"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_bad_input_names_the_field(as_alice, fields, field):
    problem(as_alice.post("tokens/", {"name": "script"} | fields), 400, "bad_request", field)


@pytest.mark.parametrize("token", ["parley_", "parley_x", "parley_\x00", "parley_" + "x" * 5000, "parley_é"])
def test_what_is_no_token_gives_401(as_nobody, token):
    answer = as_nobody.client.get("/api/v1/me/", headers={"Authorization": f"Bearer {token}"})
    problem(answer, 401, "unauthorized")


def test_where_one_is_signed_in_and_signing_out_there(as_alice, alice, as_nobody):
    other = as_nobody.post("token/", {"username": "alice", "password": "no"})
    problem(other, 401, "unauthorized")
    (login,) = as_alice.get("logins/").json()["results"]
    assert (login["kind"], login["current"]) == ("token", True)
    assert as_alice.delete(f"logins/{login['id']}/").status_code == 204
    problem(as_alice.get("me/"), 401, "unauthorized")


def test_others_logins_do_not_exist(as_alice, as_bob):
    (login,) = as_alice.get("logins/").json()["results"]
    problem(as_bob.delete(f"logins/{login['id']}/"), 404, "not_found")


def test_an_owner_makes_a_bot_with_its_token(as_owner, alice, room):
    bot = as_owner.post("bots/", {"username": "deploy", "name": "Deploy"})
    assert bot.status_code == 201
    assert bot.json()["is_bot"] is True
    assert [each["username"] for each in as_owner.get("bots/").json()["results"]] == ["deploy"]
    token = made(as_owner, f"bots/{bot.json()['id']}/tokens/", scopes=["read", "write"])
    rest = Rest(token["token"])
    post = {"id": str(uuid.uuid4()), "body": "deployed"}
    problem(rest.post(f"rooms/{room.pk}/messages/", post), 404, "not_found")
    add_member(actor=alice, room_id=room.pk, user_id=int(bot.json()["id"]))
    said = rest.post(f"rooms/{room.pk}/messages/", post)
    assert said.status_code == 201
    assert said.json()["sender"]["is_bot"] is True
    (listed,) = as_owner.get(f"bots/{bot.json()['id']}/tokens/").json()["results"]
    assert as_owner.delete(f"tokens/{listed['id']}/").status_code == 204
    problem(rest.get("me/"), 401, "unauthorized")


def test_a_bot_that_is_disabled_is_gone_at_once(as_owner):
    bot = as_owner.post("bots/", {"username": "deploy"}).json()
    token = made(as_owner, f"bots/{bot['id']}/tokens/")["token"]
    assert as_owner.delete(f"bots/{bot['id']}/").status_code == 204
    problem(Rest(token).get("me/"), 401, "unauthorized")
    assert User.objects.get(pk=bot["id"]).is_active is False


def test_only_owners_make_bots(as_owner, as_bob, bob):
    bot = as_owner.post("bots/", {"username": "deploy"}).json()
    problem(as_bob.post("bots/", {"username": "mine"}), 403, "forbidden")
    problem(as_bob.get("bots/"), 403, "forbidden")
    problem(as_bob.get(f"bots/{bot['id']}/tokens/"), 403, "forbidden")
    problem(as_bob.post(f"bots/{bot['id']}/tokens/", {"name": "x"}), 403, "forbidden")
    problem(as_bob.delete(f"bots/{bot['id']}/"), 403, "forbidden")
    problem(as_owner.post(f"bots/{bob.pk}/tokens/", {"name": "x"}), 404, "not_found")


@pytest.mark.parametrize(("fields", "field"), [({}, "username"), ({"username": "a b"}, "username")])
def test_a_bot_has_a_name(as_owner, fields, field):
    problem(as_owner.post("bots/", fields), 400, "bad_request", field)
