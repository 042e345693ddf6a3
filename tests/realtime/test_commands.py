"""What each command does and answers, over a real socket."""

from __future__ import annotations

import uuid

import pytest

from tests.support.cast import Cast
from tests.support.client import Client


async def both(cast: Cast) -> tuple[Client, Client]:
    return await cast.client("alice").start(), await cast.client("bob").start()


async def posted(client: Client, room: str, body: str) -> str:
    """The id of a message that was just posted."""
    return str((await client.post(room, body))["message"])


async def test_post_is_answered_after_commit_and_reaches_every_member(cast: Cast) -> None:
    room = cast.room()
    alice, bob = await both(cast)
    client_id = str(uuid.uuid4())
    ok = await alice.post(room, "**hi**", id=client_id)
    assert ok["op"] == "ok"
    for member in (alice, bob):
        event = await member.event("message.posted", lambda data: data["room"] == room)
        assert event["stream"] == f"room:{room}"
        assert event["seq"] == ok["seq"]
        data = event["data"]
        assert data["id"] == ok["message"]
        assert data["client_id"] == client_id
        assert data["sender"]["id"] == cast.ids["alice"]
        assert data["body"] == "**hi**"
        assert data["html"] == "<p><strong>hi</strong></p>"
        assert (data["reply_to"], data["mentions"], data["attachments"], data["edited_at"]) == (None, [], [], None)
        assert data["created_at"].endswith("Z")


async def test_a_repeated_post_gives_the_first_answer_again(cast: Cast) -> None:
    room = cast.room()
    alice, bob = await both(cast)
    client_id = str(uuid.uuid4())
    first = await alice.post(room, "once", id=client_id)
    again = await alice.post(room, "once", id=client_id)
    assert (again["message"], again["seq"]) == (first["message"], first["seq"])
    await alice.ask("edit", message=first["message"], body="changed since")
    after_edit = await alice.post(room, "once", id=client_id)
    assert after_edit["seq"] == first["seq"]
    other = await alice.post(room, "twice", id=client_id)
    assert (other["op"], other["code"], other["field"]) == ("error", "conflict", "id")
    assert (await bob.post(room, "once", id=client_id))["op"] == "ok", "another sender's ids are other ids"
    last = await alice.post(room, "last")
    await bob.until(lambda: bob.cursors[f"room:{room}"] >= last["seq"])
    bodies = [event["data"]["body"] for event in bob.events if event["type"] == "message.posted"]
    assert bodies == ["once", "once", "last"]


async def test_an_outsider_cannot_find_the_room(cast: Cast) -> None:
    room = cast.room()
    bob, mallory = await cast.client("bob").start(), await cast.client("mallory").start()
    message = await posted(bob, room, "inside")
    for op, fields in [
        ("post", {"room": room, "id": str(uuid.uuid4()), "body": "let me in"}),
        ("read", {"room": room, "seq": 1}),
        ("typing", {"room": room}),
        ("join", {"room": room}),
        ("leave", {"room": room}),
        ("edit", {"message": message, "body": "x"}),
        ("delete", {"message": message}),
    ]:
        seen = await mallory.ask(op, **fields)
        name = "message" if "message" in fields else "room"
        missing = await mallory.ask(op, **(fields | {name: "99999999"}))
        assert (seen["op"], seen["code"]) == ("error", "not_found"), op
        assert (seen["code"], seen["detail"]) == (missing["code"], missing["detail"]), op
    assert mallory.events == []


async def test_reply(cast: Cast) -> None:
    room, elsewhere = cast.room(), cast.room()
    alice, bob = await both(cast)
    question = await posted(alice, room, "question?")
    await bob.post(room, "answer", reply_to=question)
    event = await alice.event("message.posted", lambda data: data["body"] == "answer")
    assert event["data"]["reply_to"] == question
    lost = await bob.post(elsewhere, "answer", reply_to=question)
    assert (lost["code"], lost["field"]) == ("not_found", "reply_to")


async def test_mentions_name_members_only(cast: Cast) -> None:
    room = cast.room()
    alice, bob = await both(cast)
    await alice.post(room, "@Bob and @mallory, look")
    event = await bob.event("message.posted", lambda data: data["room"] == room)
    assert event["data"]["mentions"] == [cast.ids["bob"]]
    fresh = await cast.client("bob").start()
    place = next(place for place in fresh.ready["rooms"] if place["id"] == room)
    assert (place["unread"], place["mentions"]) == (1, 1)


async def test_edit_own_message(cast: Cast) -> None:
    room = cast.room()
    alice, bob = await both(cast)
    message = await posted(alice, room, "frist")
    ok = await alice.ask("edit", message=message, body="*first*")
    event = await bob.event("message.edited", lambda data: data["id"] == message)
    assert event["seq"] == ok["seq"]
    assert event["data"]["html"] == "<p><em>first</em></p>"
    refused = await bob.ask("edit", message=message, body="mine now")
    assert refused["code"] == "forbidden"


async def test_delete_takes_the_words_out_of_the_log(cast: Cast) -> None:
    room = cast.room()
    alice, bob = await both(cast)
    message = await posted(bob, room, "a secret")
    await bob.ask("edit", message=message, body="a secret, edited")
    ok = await bob.ask("delete", message=message)
    event = await alice.event("message.deleted", lambda data: data["id"] == message)
    assert event["seq"] == ok["seq"]
    assert (await bob.ask("edit", message=message, body="x"))["code"] == "not_found"
    late = cast.client("alice")
    late.epoch, late.cursors = alice.epoch, {f"room:{room}": 1}
    await late.start()
    replayed = [event for event in late.events if event["stream"] == f"room:{room}"]
    assert [event["seq"] for event in replayed] == list(range(2, ok["seq"] + 1))
    assert "secret" not in str(replayed)


async def test_read_moves_forward_on_all_devices(cast: Cast) -> None:
    room = cast.room()
    alice, bob = await both(cast)
    phone = await cast.client("bob").start()
    seq = (await alice.post(room, "news"))["seq"]
    assert (await bob.ask("read", room=room, seq=seq))["op"] == "ok"
    moved = await phone.event("read.moved", lambda data: data["room"] == room)
    assert (moved["data"]["read_seq"], moved["data"]["unread"]) == (seq, 0)
    await bob.ask("read", room=room, seq=seq - 1)
    fresh = await cast.client("bob").start()
    assert next(place for place in fresh.ready["rooms"] if place["id"] == room)["read_seq"] == seq
    await bob.ask("read", room=room, seq=seq - 1, unread=True)
    back = await phone.event("read.moved", lambda data: data["room"] == room and data["read_seq"] == seq - 1)
    assert back["data"]["unread"] == 1
    assert (await bob.ask("read", room=room, seq=-1))["field"] == "seq"
    assert not [event for event in alice.events if event["type"] == "read.moved"], "nobody else is told"


async def test_typing_is_a_signal(cast: Cast) -> None:
    room = cast.room()
    alice, bob = await both(cast)
    assert (await bob.ask("typing", room=room))["op"] == "ok"
    signal = await alice.frame("signal", type="typing", stream=f"room:{room}")
    assert (signal["data"], signal["ttl"]) == ({"user": cast.ids["bob"]}, 6)
    await bob.ask("typing", room=room)
    ok = await bob.post(room, "done")
    await alice.until(lambda: alice.cursors[f"room:{room}"] >= ok["seq"])
    signals = [frame for frame in alice.frames if frame.get("type") == "typing" and frame["stream"] == f"room:{room}"]
    assert len(signals) == 1, "one in 3 s counts"


async def test_join_and_leave_an_open_room(cast: Cast) -> None:
    alice, mallory = await cast.client("alice").start(), await cast.client("mallory").start()
    stream = f"room:{cast.lobby}"
    outside = await mallory.post(cast.lobby, "from outside")
    assert outside["code"] == "forbidden"
    joined = await mallory.ask("join", room=cast.lobby)
    added = await mallory.event("room.added")
    assert added["data"]["room"]["id"] == cast.lobby
    assert added["data"]["room"]["seq"] == joined["seq"]
    assert (await alice.event("member.joined", lambda data: data["user"]["id"] == cast.ids["mallory"]))[
        "stream"
    ] == stream
    ok = await alice.post(cast.lobby, "welcome")
    if ok["op"] == "ok":
        await mallory.event("message.posted", lambda data: data["body"] == "welcome")
        assert mallory.log(stream) == list(range(joined["seq"] + 1, ok["seq"] + 1))
    left = await mallory.ask("leave", room=cast.lobby)
    await mallory.event("room.removed", lambda data: data["room"] == cast.lobby)
    await alice.event("member.left", lambda data: data["user"]["id"] == cast.ids["mallory"])
    await alice.post(cast.lobby, "she is gone")
    assert (await mallory.ask("ping"))["op"] == "pong"
    assert max(mallory.log(stream), default=0) <= left["seq"]


@pytest.mark.parametrize("kind", ["open", "closed"])
async def test_presence(cast: Cast, kind: str) -> None:
    alice = await cast.client("alice").start()
    carol = await cast.client("carol").start()
    if kind == "open":
        assert cast.ids["carol"] in carol.ready["online"]
        await alice.until(
            lambda: cast.ids["carol"] in alice.ready["online"] or _told(alice, cast.ids["carol"], "online")
        )
    else:
        await carol.drop()
        await alice.until(lambda: _told(alice, cast.ids["carol"], "offline"))


def _told(client: Client, user: str, state: str) -> bool:
    return any(
        frame.get("type") == "presence" and frame["data"] == {"user": user, "state": state} for frame in client.frames
    )


async def test_auth_takes_a_newer_token_of_the_same_person(cast: Cast) -> None:
    alice = await cast.client("alice").start()
    ok = await alice.ask("auth", token=cast.tokens["alice"])
    assert ok["op"] == "ok"
    assert ok["expires_at"].endswith("Z")
    assert (await alice.ask("auth", token=cast.tokens["bob"]))["code"] == "forbidden"
    bad = await alice.ask("auth", token="nonsense")
    assert (bad["code"], bad["field"]) == ("bad_request", "token")


async def test_posts_of_one_socket_are_pipelined_in_order(cast: Cast) -> None:
    room = cast.room()
    dave, bob = await cast.client("dave").start(), await cast.client("bob").start()
    for number in range(20):
        body = f"**{number}**" if number % 3 else f"{number}"
        await dave.send({"op": "post", "ref": f"p{number}", "room": room, "id": str(uuid.uuid4()), "body": body})
    await bob.event("message.posted", lambda data: data["room"] == room and "19" in data["body"])
    bodies = [e["data"]["body"].strip("*") for e in bob.events if e["data"].get("room") == room]
    assert bodies == [str(number) for number in range(20)]


async def test_react_reaches_every_member(cast: Cast) -> None:
    room = cast.room()
    alice, bob = await both(cast)
    message = await posted(alice, room, "We did it")
    ok = await bob.ask("react", message=message, emoji="🎉", on=True)
    event = await alice.event("reaction.added", lambda data: data["message"] == message)
    assert (event["seq"], event["data"]["emoji"], event["data"]["user"]["id"]) == (ok["seq"], "🎉", cast.ids["bob"])
    assert (await bob.ask("react", message=message, emoji="🎉", on=False))["op"] == "ok"
    await alice.event("reaction.removed", lambda data: data["message"] == message)
    refused = await bob.ask("react", message=message, emoji="party", on=True)
    assert (refused["code"], refused["field"]) == ("bad_request", "emoji")


async def test_a_thread_is_answered_followed_and_read(cast: Cast) -> None:
    room = cast.room()
    alice, bob = await both(cast)
    root = await posted(alice, room, "Lunch?")
    reply = await bob.post(room, "Noon", thread=root)
    event = await alice.event("message.posted", lambda data: data["thread"] == root)
    assert event["data"]["followers"] == sorted((cast.ids["alice"], cast.ids["bob"]), key=int)
    assert (await alice.ask("read", room=room, seq=reply["seq"], thread=root))["op"] == "ok"
    read = await alice.event("thread.updated", lambda data: data["thread"] == root)
    assert (read["data"]["unread"], read["data"]["following"]) == (0, True)
    assert (await alice.ask("follow", message=root, on=False))["op"] == "ok"
    await alice.event("thread.updated", lambda data: not data["following"])
