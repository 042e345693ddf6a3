"""Fills an empty Parley: the team by the operations that make people, the past by those that bring in history."""

from datetime import datetime
from typing import Final

from django.db import transaction

from chat.management.demo.lines import Talk, moment, pins, read, said
from chat.management.demo.people import BOT, OWNER, TEAM, WORKSPACE
from chat.management.demo.today import Today
from chat.models import Imported, Message, Room, User, Workspace
from chat.operations.importing import History, People, Person, Place, Tally, bring_room
from chat.operations.membership import mark_read
from chat.operations.people import create_user
from chat.operations.workspace import set_up

LOBBY: Final = "general"
TALKS: Final = (LOBBY, "announcements", "engineering", "design", "kitchen", "hiring", "ada-priya", "ada-chen")
SOURCE: Final = "demo"


def fill(password: str, now: datetime) -> User:
    """Makes team, rooms and talk, all or nothing; returns the owner. Everybody but the bot signs in with `password`.

    Raises Conflict when somebody is here already, BadRequest when the password is too weak.
    """
    with transaction.atomic():
        owner = _team(password)
        people = People(SOURCE)
        people.bring(Person(name, username=name, email=_address(name)) for name in TEAM if name != BOT)
        _adopt(BOT, User.objects.get(username=BOT).pk)
        _adopt(LOBBY, Room.objects.get(pk=Workspace.current().lobby_id).pk)
        people = People(SOURCE)
        # All of the past first: who is told of what happens today is told in the order of the rooms.
        for today in [_bring(read(talk), people, owner, now) for talk in TALKS]:
            today.go_on(owner)
    return owner


def _team(password: str) -> User:
    name, hue, zone = TEAM[OWNER]
    owner = set_up(workspace_name=WORKSPACE, username=OWNER, password=password, name=name, email=_address(OWNER))
    User.objects.filter(pk=owner.pk).update(hue=hue, time_zone=zone)
    for username, (name, hue, zone) in TEAM.items():
        if username != OWNER:
            bot = username == BOT
            create_user(
                actor=None,
                username=username,
                password=None if bot else password,
                name=name,
                email="" if bot else _address(username),
                hue=hue,
                time_zone=zone,
                is_bot=bot,
            )
    return owner


def _bring(talk: Talk, people: People, owner: User, now: datetime) -> Today:
    """The room with its past; returns what is left to do in it."""
    place = Place(
        talk.id,
        talk.kind,
        talk.name,
        created_at=moment(5, "07:30", now),
        topic=talk.topic,
        creator=talk.owner,
        members=talk.members,
        present=talk.members,
        pins=pins(talk, now),
    )
    room = bring_room(place, people)
    assert room is not None
    history = History(room, place, people, Tally(), _no_complaint)
    history.add(said(talk, now))
    history.complete()
    if talk.unread:
        seen = Message.objects.in_room(room).order_by("-seq")[talk.unread]
        mark_read(user=owner, room_id=room.pk, seq=seen.seq, unread=True)
    today = Today(talk, room, place, people)
    today.settle(people[talk.owner])
    return today


def _no_complaint(problem: str) -> None:
    raise AssertionError(problem)


def _adopt(external_id: str, object_id: int) -> None:
    """Somebody or something that is here already stands for one of the demo's."""
    Imported.objects.create(source=SOURCE, external_id=external_id, object_id=object_id)


def _address(username: str) -> str:
    ascii_name = username.encode("ascii", "ignore").decode()
    return f"{ascii_name}@tidewater.example"
