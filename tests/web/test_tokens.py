"""/profile/tokens/ and /workspace/bots/: tokens for scripts, and bots with theirs."""

from __future__ import annotations

import re

from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from chat.models import Login, Room, User
from chat.operations.incoming import create_hook
from chat.operations.personal_tokens import create_token
from tests.support.rest import Rest
from tests.web.conftest import SignedIn

WANTED = {"name": "nightly build", "days": "90", "scopes": ["read", "write"]}


def made(client: Client, path: str, **wanted: object) -> str:
    """The token that the page shows after it was made."""
    page = client.post(path, WANTED | wanted, follow=True)
    assertContains(page, "The token is ready")
    return re.search(r'value="(parley_[\w-]+)"', page.content.decode())[1]  # type: ignore[index]


def test_a_token_is_made_shown_once_and_works(alice: User, signed_in: SignedIn) -> None:
    client = signed_in(alice)
    assertContains(client.get("/profile/"), "/profile/tokens/")
    token = made(client, "/profile/tokens/")
    assert Rest(token).get("me/").json()["username"] == "alice"
    page = client.get("/profile/tokens/")
    assertNotContains(page, token)
    assertContains(page, "nightly build")
    assertContains(page, "read write")


def test_it_is_revoked_and_opens_nothing(alice: User, signed_in: SignedIn) -> None:
    client = signed_in(alice)
    token = made(client, "/profile/tokens/", days="0")
    login = Login.objects.get(name="nightly build")
    assert login.expires_at is None
    assertRedirects(client.post(f"/tokens/{login.pk}/revoke/"), "/profile/tokens/")
    assert Rest(token).get("me/").status_code == 401
    assertNotContains(client.get("/profile/tokens/"), "nightly build")


def test_others_tokens_are_not_revoked(alice: User, bob: User, signed_in: SignedIn) -> None:
    login, _ = create_token(actor=bob, owner=bob, name="his", scopes=["read"])
    assert signed_in(alice).post(f"/tokens/{login.pk}/revoke/").status_code == 404
    assert Login.objects.live().filter(pk=login.pk).exists()


def test_what_is_missing_is_said_at_its_field(alice: User, signed_in: SignedIn) -> None:
    page = signed_in(alice).post("/profile/tokens/", {"name": "", "scopes": [], "days": "7"})
    assert set(page.context["form"].errors) == {"name", "scopes", "days"}
    assert not Login.objects.filter(kind="personal").exists()


def test_a_token_is_no_sign_in(alice: User, signed_in: SignedIn) -> None:
    client = signed_in(alice)
    made(client, "/profile/tokens/")
    assertNotContains(client.get("/profile/"), "A program, by token")


def test_owners_make_bots_with_tokens_and_disable_them(alice: User, signed_in: SignedIn) -> None:
    User.objects.filter(pk=alice.pk).update(is_superuser=True)
    client = signed_in(alice)
    assertContains(client.get("/workspace/"), "/workspace/bots/")
    page = client.post("/workspace/bots/", {"username": "deploy", "name": "Deploy"}, follow=True)
    bot = User.objects.get(username="deploy")
    assert bot.is_bot and page.redirect_chain[-1][0] == f"/workspace/bots/{bot.pk}/"
    token = made(client, f"/workspace/bots/{bot.pk}/")
    assert Rest(token).get("me/").json()["is_bot"] is True
    assertContains(client.get("/workspace/bots/"), "1 token")
    login = Login.objects.get(user=bot)
    revoked = client.post(f"/tokens/{login.pk}/revoke/", {"bot": bot.pk})
    assertRedirects(revoked, f"/workspace/bots/{bot.pk}/")
    token = made(client, f"/workspace/bots/{bot.pk}/")
    assertRedirects(client.post(f"/workspace/bots/{bot.pk}/disable/"), "/workspace/bots/")
    assert Rest(token).get("me/").status_code == 401
    assertNotContains(client.get("/workspace/bots/"), "@deploy")


def test_a_taken_name_is_said_at_its_field(alice: User, bob: User, signed_in: SignedIn) -> None:
    User.objects.filter(pk=alice.pk).update(is_superuser=True)
    page = signed_in(alice).post("/workspace/bots/", {"username": "bob", "name": ""})
    assert "username" in page.context["form"].errors


def test_bots_are_the_business_of_owners(bob: User, signed_in: SignedIn) -> None:
    bot = User.objects.create_user("deploy", is_bot=True)
    client = signed_in(bob)
    for path in ("/workspace/bots/", f"/workspace/bots/{bot.pk}/"):
        assert client.get(path).status_code == 403
    assert client.post(f"/workspace/bots/{bot.pk}/disable/").status_code == 403
    assert User.objects.get(pk=bot.pk).is_active


def test_the_bots_of_hooks_are_managed_by_their_rooms(alice: User, room: Room, signed_in: SignedIn) -> None:
    User.objects.filter(pk=alice.pk).update(is_superuser=True)
    create_hook(actor=alice, room_id=room.pk, name="Builds")
    assertNotContains(signed_in(alice).get("/workspace/bots/"), "Builds")
