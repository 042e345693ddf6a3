"""/workspace/: what owners change for everybody."""

from __future__ import annotations

from pytest_django.asserts import assertContains

from chat.models import User, Workspace
from tests.web.conftest import SignedIn


def test_an_owner_names_the_place_and_opens_it(alice: User, signed_in: SignedIn) -> None:
    client = signed_in(alice)
    page = client.post("/workspace/", {"name": "Acme", "open_signup": "True"}, follow=True)
    assertContains(page, "Saved.")
    assert (Workspace.current().name, Workspace.current().open_signup) == ("Acme", True)
    client.post("/workspace/", {"name": "Acme", "open_signup": "False"})
    assert not Workspace.current().open_signup


def test_others_may_not(bob: User, signed_in: SignedIn) -> None:
    client = signed_in(bob)
    assertContains(client.get("/workspace/"), "You may not do this", status_code=403)
    assert client.post("/workspace/", {"name": "Mine", "open_signup": "True"}).status_code == 403
    assert Workspace.current().name == "Parley"


def test_an_empty_name_is_refused_at_its_field(alice: User, signed_in: SignedIn) -> None:
    page = signed_in(alice).post("/workspace/", {"name": " ", "open_signup": "maybe"})
    assert page.context["form"].errors.keys() == {"name", "open_signup"}
