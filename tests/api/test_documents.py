"""What is told of the API is what it does."""

import json
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import URLPattern
from django.utils import timezone
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from chat.api import documents, urls
from chat.api.examples import EXAMPLES as ANSWERS
from chat.models import Event, LinkPreview, Room
from chat.models.previews import hash_of
from chat.operations import membership, messages, pins, reactions, rooms, threads
from chat.operations.files.tasks import make_ready
from chat.operations.files.uploads import take_in
from chat.operations.logins import end_every_login
from chat.operations.notifying.choices import choose_level
from chat.operations.previews import showing
from chat.protocol import events
from chat.protocol.asyncapi import FRAMES
from chat.protocol.closing import CloseCode
from chat.protocol.commands import COMMANDS, OPS
from chat.protocol.errors import Refused
from chat.protocol.examples import EXAMPLES as SOCKET
from chat.protocol.told import ROOM_EVENTS, USER_EVENTS
from tests.support.pictures import picture

DOCS = Path(settings.BASE_DIR, "docs")
OPENAPI = json.loads(documents.openapi())
ASYNCAPI = json.loads(documents.asyncapi())
METHODS = ("get", "post", "put", "patch", "delete")


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in OPENAPI["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def bodies(operation: dict[str, Any]) -> Iterator[str]:
    """The names of the structs that an operation takes and gives."""
    for holder in (operation.get("requestBody", {}), *operation["responses"].values()):
        for content in holder.get("content", {}).values():
            if "$ref" in content["schema"]:  # else it is a stream, or commands with examples of their own
                yield content["schema"]["$ref"].rpartition("/")[2]


def test_it_is_openapi_3_1_made_without_a_warning():
    GENERATOR_STATS.reset()
    schema = SchemaGenerator().get_schema(request=None, public=True)
    assert not GENERATOR_STATS
    validate_schema(schema)
    assert schema["openapi"].startswith("3.1")


@pytest.mark.parametrize("name", ["openapi", "asyncapi"])
def test_the_documents_that_are_kept_are_those_of_the_code(name):
    kept = json.loads((DOCS / "api" / f"{name}.json").read_text())
    assert kept == json.loads(getattr(documents, name)()), "run: make documents"


def test_every_address_and_method_is_in_it():
    known = {(path, method) for path, method, _ in operations()}
    for pattern in urls.urlpatterns:
        assert isinstance(pattern, URLPattern)
        path = "/api/v1/" + re.sub(r"<\w+:(\w+)>", r"{\1}", str(pattern.pattern))
        view: Any = pattern.callback.cls
        for method in METHODS:
            assert ((path, method) in known) == hasattr(view, method), f"{method} {path}"


def test_names_of_operations_are_said_once():
    names = [operation["operationId"] for _, _, operation in operations()]
    assert len(names) == len(set(names))


def test_every_operation_says_what_it_is():
    assert all(operation["summary"] and operation["tags"] for _, _, operation in operations())


def test_every_body_and_answer_has_an_example():
    schemas = OPENAPI["components"]["schemas"]
    for path, method, operation in operations():
        for name in bodies(operation):
            assert schemas[name].get("examples"), f"{name} of {method} {path}"


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_each_example_of_http_fits_its_schema(name):
    schema = {"$ref": f"#/components/schemas/{name}", "components": OPENAPI["components"]}
    jsonschema.validate(ANSWERS[name], schema, cls=jsonschema.Draft202012Validator)


@pytest.mark.parametrize("kind", [*COMMANDS, *FRAMES])
def test_each_example_of_the_socket_is_read_by_its_struct(kind):
    example = SOCKET[kind.__struct_config__.tag]
    assert msgspec.convert(example, kind)
    assert set(example) <= {"op", *kind.__struct_fields__}


def test_the_page_of_the_protocol_names_all_there_is():
    page = (DOCS / "protocol.md").read_text()
    codes = {kind.code for kind in Refused.__subclasses__()}
    for word in {*OPS, *ROOM_EVENTS, *USER_EVENTS, *codes, *map(str, map(int, CloseCode))}:
        assert re.search(rf"\b{re.escape(word)}\b", page), word


def test_every_event_that_is_stored_is_as_the_documents_say(alice, bob, mallory, open_room, room, say):
    posted = say(alice, room, f"hello @{bob.username}")
    messages.edit_message(actor=alice, message_id=posted.message_id, body="hi", rendered=messages.rendered("hi"))
    for on in (True, False):
        reactions.react(actor=bob, message_id=posted.message_id, emoji="👍", on=on)
        pins.pin_message(actor=bob, message_id=posted.message_id, on=on)
        pins.bookmark_message(actor=bob, message_id=posted.message_id, on=on)
    say(bob, room, "a reply", thread=posted.message_id)
    threads.follow_thread(actor=alice, message_id=posted.message_id, on=False)
    file, _ = take_in(owner=alice, client_id=uuid.uuid4(), file=ContentFile(picture(), "sketch.png"))
    say(alice, room, "", attachments=(file.pk,))
    make_ready.call(str(file.pk))
    linking = say(alice, room, "https://a.example/")
    found = LinkPreview(url="https://a.example/", url_hash=hash_of("https://a.example/"), title="A", site="a.example")
    found.fetched_at = found.used_at = timezone.now()
    showing.show(linking.message_id, [found])
    messages.delete_message(actor=alice, message_id=posted.message_id)
    membership.join_room(actor=bob, room_id=open_room.pk)
    choose_level(actor=bob, room_id=room.pk, level="all")
    membership.change_role(actor=alice, room_id=room.pk, user_id=bob.pk, role="moderator")
    say(alice, room, "read this")
    membership.mark_read(user=bob, room_id=room.pk, seq=Room.objects.get(pk=room.pk).stream.head)
    membership.remove_member(actor=alice, room_id=room.pk, user_id=bob.pk)
    rooms.open_direct(actor=alice, other=bob)
    rooms.update_room(actor=alice, room_id=room.pk, topic="new")
    rooms.update_room(actor=alice, room_id=room.pk, archived=True)
    end_every_login(user_id=alice.pk)
    seen = set()
    for payload in Event.objects.values_list("payload", flat=True):
        event = msgspec.json.decode(payload, type=events.Event)
        kind = (ROOM_EVENTS if event.stream.startswith("room:") else USER_EVENTS)[event.type]
        msgspec.convert(event.data, kind)
        assert set(event.data) <= set(kind.__struct_fields__), event.type
        seen.add(event.type)
    assert seen == {*ROOM_EVENTS, *USER_EVENTS}


@pytest.mark.parametrize("path", ["/api/schema/", "/api/schema/socket/"])
def test_a_document_that_has_not_changed_is_not_sent_again(path):
    first = Client().get(path)
    assert first.status_code == 200 and first.json()
    assert Client().get(path, headers={"If-None-Match": first["ETag"]}).status_code == 304


@pytest.mark.parametrize("path", ["/api/docs/", "/api/docs/socket/"])
def test_the_pages_are_from_our_own_host_without_inline_script(path):
    page = Client().get(path).content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bon\w+=|[\"'(=]https?://", page)


def test_the_page_of_the_socket_shows_every_op_and_event():
    page = Client().get("/api/docs/socket/").content.decode()
    for name in {*OPS, *ROOM_EVENTS, *USER_EVENTS}:
        assert f'id="{name}"' in page
    assert str(len(ASYNCAPI["x-close-codes"])) and "`" not in page
