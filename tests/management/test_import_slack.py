"""`manage.py import_slack`: what an export holds, as rooms, members and messages."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from chat.models import BackgroundTask, Event, Membership, Message, Room, User
from chat.operations.previews.links import has_links
from chat.operations.wire import messages_data
from tests.support.slack import channel, general, joined, left, said, ts

pytestmark = pytest.mark.django_db

BEGAN = datetime.fromtimestamp(1_600_000_000, UTC)


def bodies(slug: str = "general") -> list[str]:
    return list(Message.objects.filter(room__slug=slug).order_by("seq").values_list("body", flat=True))


def events(room: Room) -> list[dict[str, Any]]:
    return [msgspec.json.decode(text) for text in room.stream.events.order_by("seq").values_list("payload", flat=True)]


def test_people_come_with_what_is_known_of_them(bring: Any) -> None:
    bring(general())
    ada, bob = User.objects.get(username="ada"), User.objects.get(username="bob")
    assert (ada.name, ada.email, ada.time_zone) == ("Ada L.", "ada@example.org", "Europe/Berlin")
    assert (bob.name, bob.email, bob.is_bot, bob.is_active) == ("Bobby", "", False, True)
    assert not User.objects.get(username="chen").is_active
    assert User.objects.get(username="buildbot").is_bot
    assert not any(user.has_usable_password() for user in User.objects.all())


def test_rooms_come_with_name_topic_and_age(bring: Any) -> None:
    bring(general(topic={"value": "Say &lt;hi&gt;"}, purpose={"value": "no"}))
    room = Room.objects.get()
    assert (room.kind, room.name, room.slug, room.topic) == ("open", "general", "general", "Say <hi>")
    assert (room.created_at, room.created_by) == (BEGAN, User.objects.get(username="ada"))


def test_messages_keep_their_order_times_and_markup(bring: Any) -> None:
    bring(general(said(20, "U2", "*hi* <@U1>"), said(10, "U1", "first"), said(30, "U1", "waves", subtype="me_message")))
    assert bodies() == ["first", "**hi** @ada", "/me waves"]
    second = Message.objects.get(body="**hi** @ada")
    ada = User.objects.get(username="ada")
    assert second.created_at == BEGAN + timedelta(seconds=20)
    assert second.html == (f'<p><strong>hi</strong> <span class="mention" data-user="{ada.pk}">@ada</span></p>')
    assert [mention.user for mention in second.mentions.all()] == [ada]


def test_the_log_tells_what_the_tables_hold(bring: Any) -> None:
    bring(
        general(
            joined(5, "U2"),
            said(10, "U1", "hello <@U2>"),
            said(20, "U2", "an answer", edited={"user": "U2", "ts": ts(25)}),
            left(30, "U2"),
            said(40, "U3", "who am I", subtype="tombstone"),
            members=["U1"],
        )
    )
    room = Room.objects.get()
    told = events(room)
    assert [event["seq"] for event in told] == list(range(1, room.stream.head + 1))
    assert [event["type"] for event in told[:5]] == [
        "member.joined", "member.joined", "message.posted", "message.posted", "member.left",
    ]  # fmt: skip
    posted = [event["data"] for event in told if event["type"] == "message.posted"]
    messages = list(Message.objects.select_related("sender").order_by("seq"))
    assert posted == msgspec.to_builtins(messages_data(messages))
    first, answer, gone = messages
    assert (answer.edited_at, first.edited_at) == (BEGAN + timedelta(seconds=25), None)
    assert (gone.body, gone.html, gone.deleted_at is None) == ("", "", False)


def test_who_came_went_and_was_there_all_along(bring: Any) -> None:
    bring(
        general(
            said(10, "U1", "hi"),
            joined(20, "U2"),
            said(30, "U3", "I have left without a word"),
            left(40, "U2"),
            joined(50, "U2"),
            members=["U1", "U2"],
        )
    )
    room = Room.objects.get()
    stays = Membership.objects.filter(room=room).order_by("joined_seq")
    assert [(stay.user.username, stay.left_seq is None, stay.role) for stay in stays] == [
        ("ada", True, "owner"), ("bob", False, "member"), ("chen", False, "member"), ("bob", True, "member"),
    ]  # fmt: skip
    assert [stay.created_at - BEGAN for stay in stays] == [timedelta(seconds=at) for at in (0, 20, 30, 50)]


def test_nobody_has_anything_unread(bring: Any) -> None:
    bring(general(*(said(10 + second, "U1", f"<@U2> {second}") for second in range(5))))
    room = Room.objects.get()
    for stay in Membership.objects.live().with_unread():
        assert (stay.read_seq, stay.unread, stay.mentions) == (room.stream.head, 0, 0)


def test_each_member_is_told_of_the_room_once(bring: Any) -> None:
    bring(general(said(10, "U1", "hi")))
    room = Room.objects.get()
    for user in User.objects.filter(username__in=["ada", "bob"]):
        (told,) = Event.objects.filter(stream=user.pk)
        assert told.type == "room.added"
        data = msgspec.json.decode(told.payload)["data"]["room"]
        assert (data["id"], data["seq"], data["unread"]) == (str(room.pk), room.stream.head, 0)


def test_a_room_whose_maker_has_gone_gets_an_owner(bring: Any) -> None:
    bring(general(said(10, "U2", "hi"), members=["U2"]))
    stay = Membership.objects.live().get()
    assert (stay.user.username, stay.role) == ("bob", "owner")
    assert [event["type"] for event in events(Room.objects.get())][-1] == "member.updated"


def test_private_group_and_direct_talks(bring: Any) -> None:
    bring(
        {
            "groups.json": [channel("G1", "board", ["U1"])],
            "mpims.json": [channel("G2", "mpdm-ada--bob--chen-1", ["U1", "U2", "U3"])],
            "dms.json": [{"id": "D1", "created": 1_600_000_000, "members": ["U1", "U2"]}],
            "channels.json": [channel("C1", "old", ["U1"], is_archived=True)],
            "board/2020-09-13.json": [said(1, "U1", "secret")],
            "mpdm-ada--bob--chen-1/2020-09-13.json": [said(1, "U1", "we three")],
            "D1/2020-09-13.json": [said(1, "U2", "psst")],
        }
    )
    board, direct, old = Room.objects.get(name="board"), Room.objects.get(kind="direct"), Room.objects.get(slug="old")
    assert (board.kind, Room.objects.get(name="Ada L., Bobby, Chen").kind) == ("private", "private")
    assert [member.username for member in direct.members.order_by("pk")] == ["ada", "bob"]
    assert direct.messages.get().body == "psst"
    assert old.archived_at is not None
    assert "room.archived" in [event["type"] for event in events(old)]


def test_bots_files_reactions_and_kinds_nobody_knows(bring: Any, capsys: pytest.CaptureFixture[str]) -> None:
    bring(
        general(
            {
                "type": "message",
                "subtype": "bot_message",
                "bot_id": "B9",
                "username": "Deploy",
                "text": "ok",
                "ts": ts(1),
            },
            said(2, "U1", "look", files=[{"title": "a|b", "permalink": "https://files.example/1"}, {"id": "F2"}]),
            said(3, "U1", "", attachments=[{"title": "T", "title_link": "https://a.example", "text": "body"}]),
            said(4, "U1", "nice", reactions=[{"name": "tada", "users": ["U2", "U9"], "count": 2}]),
            said(5, "U1", "set the channel topic: x", subtype="channel_topic"),
            said(6, "U1", "from the future", subtype="huddle_thread"),
            said(7, "U1", ""),
            said(8, "U1", "was", subtype="message_changed", hidden=True),
        )
    )
    assert bodies() == [
        "ok",
        "look\n[a_b](<https://files.example/1>)\n(a deleted file)",
        "[T](<https://a.example>)\nbody",
        "nice",
        "/me set the channel topic: x",
        "from the future",
    ]
    deploy = Message.objects.get(body="ok").sender
    assert (deploy.username, deploy.is_bot) == ("Deploy", True)
    assert not Membership.objects.filter(user=deploy).exists()
    assert Message.objects.get(body="nice").reactions == [["🎉", [User.objects.get(username="bob").pk]]]
    assert "huddle_thread (1)" in capsys.readouterr().out


def test_nothing_is_fetched_for_what_was_said_long_ago(bring: Any) -> None:
    bring(general(said(1, "U1", "look <https://files.example/1>")))
    assert has_links(Message.objects.get().html) and not BackgroundTask.objects.exists()


def test_people_who_are_here_already_are_recognised_by_mail(bring: Any) -> None:
    here = User.objects.create_user("countess", "a password", email="Ada@Example.org")
    bring(general(said(1, "U2", "hi <@U1>")))
    assert bodies() == ["hi @countess"]
    assert Membership.objects.live().filter(user=here).count() == 1
    assert not User.objects.filter(username="ada").exists()


def test_names_that_are_taken_or_look_alike_get_a_number(bring: Any) -> None:
    User.objects.create_user("ada")
    User.objects.create_user("b0b")
    Room(kind="open", name="General", slug="general").save()
    users = [
        {"id": "U1", "name": "ada"},
        {"id": "U2", "name": "bOb"},
        {"id": "U3", "name": " ..ünï côdé!.."},
        {"id": "U4", "name": "!!!"},
    ]
    bring(general(said(1, "U1", "hi <@U2>")) | {"users.json": users})
    assert set(User.objects.values_list("username", flat=True)) >= {"ada-2", "bOb-2", "ünï-côdé", "somebody"}
    assert bodies("general-2") == ["hi @bOb-2"]


def test_a_message_longer_than_one_may_be_becomes_several(bring: Any) -> None:
    bring(general(said(1, "U1", "word " * 5_000)))
    assert [len(body) <= 16_000 for body in bodies()] == [True, True]
    assert "".join(bodies()).split() == ["word"] * 5_000


def test_what_cannot_be_stored_is_replaced(bring: Any) -> None:
    bring(general(said(1, "U1", "a\x00b\ud800c")))
    assert bodies() == ["a\ufffdb\ufffdc"]
