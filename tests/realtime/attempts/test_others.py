"""At what is others', by somebody who has a key to the house."""

from __future__ import annotations

import uuid

from tests.realtime.attempts.tools import ask
from tests.support.cast import PASSWORD, Cast
from tests.support.pictures import picture
from tests.support.pushing import Browser, application_key

NOTHING = "999999999999"


async def test_guessed_ids_look_like_those_that_do_not_exist(cast: Cast) -> None:
    room = cast.room()
    for path in ("rooms/{}/", "rooms/{}/messages/", "rooms/{}/members/", "rooms/{}/events/?wait=0"):
        theirs, none = (
            ask(cast, "GET", f"/api/v1/{path.format(each)}", cast.tokens["mallory"]) for each in (room, NOTHING)
        )
        assert (theirs.status_code, theirs.json()) == (none.status_code, none.json()) and none.status_code == 404


async def test_every_path_of_the_api_with_ids_of_others(cast: Cast) -> None:
    """IDOR: each operation of the document, with Bob's and Alice's ids, asked for by Mallory."""
    room = cast.room()
    alice, bob = await cast.client("alice").start(), cast.tokens["bob"]
    message = (await alice.post(room, "not for Mallory"))["message"]
    token = ask(cast, "POST", "/api/v1/tokens/", bob, json={"name": "his"}).json()["id"]
    login = next(each["id"] for each in ask(cast, "GET", "/api/v1/logins/", bob).json()["results"])
    hook = ask(cast, "POST", f"/api/v1/rooms/{room}/incoming-hooks/", cast.tokens["alice"], json={"name": "x"}).json()
    ask(cast, "POST", f"/api/v1/messages/{message}/report/", bob, json={"reason": "x"}).raise_for_status()
    reports = ask(cast, "GET", f"/api/v1/rooms/{room}/reports/", cast.tokens["alice"]).json()["results"]
    report = reports[0]["id"]
    image = {"file": ("sketch.png", picture((900, 900)))}
    file = ask(cast, "POST", "/api/v1/uploads/", cast.tokens["alice"], files=image).json()
    await alice.ask("post", room=room, id=str(uuid.uuid4()), body="", attachments=[file["id"]])
    browser = Browser("https://push.example.org/x")
    device = ask(cast, "POST", "/api/v1/push/devices/", bob, json=browser.subscription(application_key(cast))).json()
    ids = {
        "device_id": device["id"],
        "room_id": room,
        "message_id": message,
        "user_id": cast.ids["bob"],
        "token_id": token,
        "login_id": login,
        "hook_id": hook["id"],
        "report_id": report,
        "emoji": "👍",
        "upload_id": file["id"],
        "name": file["name"],
        "preview_id": file["id"],
    }
    document = ask(cast, "GET", "/api/schema/").json()
    tried = 0
    for path, operations in document["paths"].items():
        if "{" not in path or path == "/api/v1/users/{user_id}/":  # whom everybody may look up
            continue
        for method, operation in operations.items():
            kind = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
            body = None
            if kind:
                body = document["components"]["schemas"][kind["$ref"].rpartition("/")[2]]["examples"][0]
            answer = ask(cast, method.upper(), path.format(**ids), cast.tokens["mallory"], json=body)
            assert answer.status_code in (403, 404), f"{method} {path}: {answer.status_code} {answer.text}"
            assert "not for Mallory" not in answer.text
            tried += 1
    assert tried >= 20
    assert (await alice.post(room, "all is well"))["op"] == "ok"


async def test_commands_on_the_socket_with_ids_of_others(cast: Cast) -> None:
    room = cast.room()
    alice, mallory = await cast.client("alice").start(), await cast.client("mallory").start()
    message = (await alice.post(room, "mine"))["message"]
    answers = [
        await mallory.post(room, "let me in"),
        await mallory.ask("edit", message=message, body="yours"),
        await mallory.ask("delete", message=message),
        await mallory.ask("react", message=message, emoji="👍", on=True),
        await mallory.ask("follow", message=message, on=True),
        await mallory.ask("read", room=room, seq=1),
        await mallory.ask("read", room=room, seq=1, thread=message),
        await mallory.ask("typing", room=room),
        await mallory.ask("join", room=room),
        await mallory.ask("leave", room=room),
    ]
    assert {(answer["op"], answer["code"]) for answer in answers} == {("error", "not_found")}


async def test_cursors_of_streams_of_others(cast: Cast) -> None:
    room = cast.room()
    alice = await cast.client("alice").start()
    await alice.post(room, "not for Mallory")
    mallory = await cast.client("mallory").connect()
    cursors = {f"room:{room}": 0, f"user:{cast.ids['alice']}": 0, f"room:{NOTHING}": 0}
    ready = await mallory.ask("resume", epoch=mallory.hello["epoch"], cursors=cursors)
    assert not cursors.keys() & ready["streams"].keys()
    assert not [frame for frame in mallory.frames if frame.get("stream") in cursors]


async def test_a_message_of_somebody_else_in_the_same_room(cast: Cast) -> None:
    room = cast.room()
    alice, bob = await cast.client("alice").start(), await cast.client("bob").start()
    message = (await alice.post(room, "mine"))["message"]
    assert (await bob.ask("edit", message=message, body="his"))["code"] == "forbidden"
    assert (await bob.ask("delete", message=message))["code"] == "forbidden"


async def test_a_guessed_webhook(cast: Cast) -> None:
    for guess in ("a" * 32, "x", "%2e%2e", "%00"):
        assert ask(cast, "POST", f"/hooks/{guess}", json={"text": "hi"}).status_code == 404


async def test_rights_that_one_gives_oneself(cast: Cast) -> None:
    room = cast.room()
    bob = cast.tokens["bob"]
    own = f"/api/v1/rooms/{room}/members/{cast.ids['bob']}/"
    assert ask(cast, "PATCH", own, bob, json={"role": "owner"}).status_code == 403
    for field in ("is_staff", "is_superuser", "is_bot", "id"):
        assert ask(cast, "PATCH", "/api/v1/me/", bob, json={field: True}).status_code == 400
    fields = {"username": "extra", "password": PASSWORD}
    assert ask(cast, "POST", "/api/v1/users/", bob, json=fields).status_code == 403
    assert ask(cast, "POST", "/api/v1/bots/", bob, json={"username": "mine"}).status_code == 403


async def test_the_admin_of_operators(cast: Cast) -> None:
    for headers in ({}, {"Cookie": f"sessionid={cast.sessions['bob']}"}):
        answer = ask(cast, "GET", "/admin/chat/user/", headers=headers)
        assert answer.status_code in (302, 403) and "bob" not in answer.text


async def test_metrics_from_elsewhere(cast: Cast) -> None:
    for headers in ({"X-Forwarded-For": "192.0.2.1"}, {"Forwarded": "for=192.0.2.1"}):
        assert ask(cast, "GET", "/metrics", headers=headers).status_code == 404
