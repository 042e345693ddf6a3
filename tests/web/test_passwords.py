"""/password/…: changing it, and getting a new one by mail."""

from __future__ import annotations

import re

from django.core import mail
from django.test import Client
from pytest_django.asserts import assertContains, assertRedirects

from chat.models import Login, User
from tests.web.conftest import PASSWORD, SignedIn

NEW = "another long enough word"


def mailed_link() -> str:
    found = re.search(r"http://testserver(/password/reset/\S+)", str(mail.outbox[-1].body))
    assert found is not None
    return found[1]


def test_a_new_password_keeps_this_session_and_ends_the_others(bob: User, signed_in: SignedIn) -> None:
    here, there = signed_in(bob), signed_in(bob)
    answers = {"password": PASSWORD, "new_password": NEW}
    assertContains(here.post("/password/change/", answers, follow=True), "The password is changed")

    assert here.get("/people/").status_code == 200
    assert there.get("/people/").status_code == 302
    (login,) = Login.objects.live()
    assert login.session_key == here.session.session_key
    bob.refresh_from_db()
    assert bob.check_password(NEW)


def test_signing_out_still_works_after_the_change(bob: User, signed_in: SignedIn) -> None:
    client = signed_in(bob)
    client.post("/password/change/", {"password": PASSWORD, "new_password": NEW})
    client.post("/sign-out/")
    assert not Login.objects.live().exists()


def test_the_present_password_is_asked_for(bob: User, signed_in: SignedIn) -> None:
    page = signed_in(bob).post("/password/change/", {"password": "guess", "new_password": NEW})
    assert page.context["form"].errors.keys() == {"password"}


def test_a_weak_new_password_is_refused_at_its_field(bob: User, signed_in: SignedIn) -> None:
    page = signed_in(bob).post("/password/change/", {"password": PASSWORD, "new_password": "password"})
    assert page.context["form"].errors.keys() == {"new_password"}


def test_a_link_by_mail_sets_a_new_password_and_ends_every_login(
    bob: User, client: Client, signed_in: SignedIn
) -> None:
    elsewhere = signed_in(bob)
    assertContains(client.post("/password/reset/", {"email": "BOB@example.org"}, follow=True), "Look into your mail")

    form = client.get(mailed_link(), follow=True)
    assertContains(form, "Choose a new password")
    done = client.post(form.redirect_chain[-1][0], {"new_password": NEW}, follow=True)
    assertContains(done, "The password is set")

    assert elsewhere.get("/people/").status_code == 302
    assert client.post("/sign-in/", {"username": "bob", "password": NEW}).status_code == 302


def test_a_link_works_once(bob: User, client: Client) -> None:
    client.post("/password/reset/", {"email": "bob@example.org"})
    form = client.get(mailed_link(), follow=True)
    client.post(form.redirect_chain[-1][0], {"new_password": NEW})
    assertContains(Client().get(mailed_link()), "does not work any more")


def test_a_weak_password_leaves_the_link_usable(bob: User, client: Client) -> None:
    client.post("/password/reset/", {"email": "bob@example.org"})
    form = client.get(mailed_link(), follow=True)
    path = form.redirect_chain[-1][0]
    assert client.post(path, {"new_password": "12345678"}).context["form"].errors.keys() == {"new_password"}
    assert client.post(path, {"new_password": NEW}).status_code == 302


def test_nobody_learns_which_addresses_exist(alice: User, client: Client) -> None:
    assertRedirects(client.post("/password/reset/", {"email": "nobody@example.org"}), "/password/reset/sent/")
    assert not mail.outbox


def test_nobody_is_sent_links_without_end(bob: User, client: Client) -> None:
    for email in ("bob@example.org", "BOB@example.org") * 3:
        assertRedirects(client.post("/password/reset/", {"email": email}), "/password/reset/sent/")
    assert len(mail.outbox) == 3


def test_an_invented_link_is_refused(alice: User, client: Client) -> None:
    for path in ("MQ/invented-token", "MQ/set", "nonsense/x", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OQ/x"):
        assertContains(client.get(f"/password/reset/{path}/"), "does not work any more")
