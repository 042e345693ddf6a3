"""`GET previews/{id}/`, `DELETE messages/{id}/previews/`, and cards in answers."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from chat.models import Room, User
from chat.operations.membership import remove_member
from chat.operations.previews.fetching import host_limit
from tests.api.uploads.tools import content, send, work
from tests.support.pictures import picture
from tests.support.rest import Rest, problem
from tests.support.zoo import Zoo, article, open_zoo, page


@pytest.fixture
def zoo(settings: Any, tmp_path: Path) -> Iterator[Zoo]:
    host_limit._acts.clear()
    files = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"files": files}
    settings.PREVIEWS_ALLOW_PRIVATE = True
    with open_zoo(page=article("The run", "Words", "/image"), image=page(picture((600, 300)), "image/png")) as zoo:
        yield zoo


def posted(rest: Rest, room: Room, zoo: Zoo) -> Any:
    message = send(rest, room, body=zoo.url("/page")).json()
    assert message["previews"] == []
    work()
    return rest.get(f"messages/{message['id']}/").json()


def test_members_read_the_cards_and_get_the_image(as_alice: Rest, as_bob: Rest, room: Room, zoo: Zoo) -> None:
    message = posted(as_alice, room, zoo)
    (card,) = message["previews"]
    assert (card["url"], card["title"], card["description"]) == (zoo.url("/page"), "The run", "Words")
    assert as_bob.get(f"rooms/{room.pk}/messages/").json()["results"][-1] == message
    answer = as_bob.get(card["image"]["url"])
    assert Image.open(io.BytesIO(content(answer))).size == (card["image"]["width"], card["image"]["height"])
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cache-Control"].startswith("private")


def test_outsiders_meet_404(
    as_alice: Rest, as_bob: Rest, as_mallory: Rest, as_nobody: Rest, alice: User, bob: User, room: Room, zoo: Zoo
) -> None:
    message = posted(as_alice, room, zoo)
    image, cards = message["previews"][0]["image"]["url"], f"messages/{message['id']}/previews/"
    assert content(as_bob.get(image))
    problem(as_mallory.get(image), 404, "not_found")
    problem(as_nobody.get(image), 401, "unauthorized")
    problem(as_mallory.delete(cards), 404, "not_found", "message")
    problem(as_bob.delete(cards), 403, "forbidden")
    remove_member(actor=alice, room_id=room.pk, user_id=bob.pk)
    problem(as_bob.get(image), 404, "not_found")
    problem(as_bob.delete(cards), 404, "not_found", "message")
    problem(as_alice.get("previews/00000000-0000-0000-0000-000000000000/"), 404, "not_found")


def test_who_has_shown_the_same_link_has_the_same_image(
    as_alice: Rest, as_mallory: Rest, room: Room, open_room: Room, zoo: Zoo
) -> None:
    image = posted(as_alice, room, zoo)["previews"][0]["image"]["url"]
    problem(as_mallory.get(image), 404, "not_found")
    as_mallory.post(f"rooms/{open_room.pk}/join/")
    assert posted(as_mallory, open_room, zoo)["previews"][0]["image"]["url"] == image
    assert content(as_mallory.get(image))


@pytest.mark.parametrize("door", ["previews", ""])
def test_an_image_goes_with_its_card(as_alice: Rest, as_bob: Rest, room: Room, zoo: Zoo, door: str) -> None:
    message = posted(as_alice, room, zoo)
    image = message["previews"][0]["image"]["url"]
    for _ in range(2 if door else 1):
        assert as_alice.delete(f"messages/{message['id']}/{door and door + '/'}").status_code == 204
    problem(as_bob.get(image), 404, "not_found")
    assert as_bob.get(f"rooms/{room.pk}/messages/").json()["results"][-1]["previews"] == []
    log = as_bob.get(f"rooms/{room.pk}/events/", after=0, wait=0).content.decode()
    assert door or "The run" not in log
