"""`manage.py seed_load`: members of a room, and tokens that let them in."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from chat.models import Imported, Login, Membership, Room, User
from chat.operations import credentials
from chat.operations.membership import leave_room
from chat.operations.people import disable_user
from tests.support.client import Client
from tests.support.server import Parley
from tests.support.snapshot import agreeing

pytestmark = pytest.mark.django_db


@pytest.fixture
def seed(tmp_path: Path) -> Any:
    """`seed(3, "hall")` makes three members of the room and returns their tokens."""

    def seed(users: Any, room: str, *options: str) -> list[str]:
        file = tmp_path / "tokens"
        call_command("seed_load", "--users", str(users), "--room", room, "--tokens", str(file), *options)
        return file.read_text().splitlines()

    return seed


def members(slug: str) -> list[str]:
    stays = Membership.objects.live().filter(room__slug=slug).order_by("user__username")
    return list(stays.values_list("user__username", flat=True))


def test_it_makes_members_and_their_tokens(seed: Any) -> None:
    with agreeing() as events:
        tokens = seed(3, "hall")
    room = Room.objects.get()
    assert (room.slug, room.kind, room.stream.head) == ("hall", "open", 3)
    assert members("hall") == ["load-hall-00001", "load-hall-00002", "load-hall-00003"]
    assert [event["type"] for event in events].count("member.joined") == 3
    who = [credentials.by_token(token).user for token in tokens]
    assert [user.username for user in who] == members("hall")
    assert not any(user.has_usable_password() or user.is_staff or user.is_superuser for user in who)
    owner, second, _ = Membership.objects.order_by("user__username")
    assert (owner.role, owner.joined_seq, second.role) == ("owner", 1, "member")


async def test_its_tokens_open_the_socket_of_a_server_that_runs(start_parley: Any, tmp_path: Path) -> None:
    parley: Parley = start_parley()
    file = tmp_path / "tokens"
    parley.manage("seed_load", "--users", "2", "--room", "hall", "--tokens", str(file))
    first, second = file.read_text().splitlines()
    async with Client(parley.ws_url, first) as one, Client(parley.ws_url, second) as other:
        (room,) = (name.partition(":")[2] for name in one.ready["streams"] if name.startswith("room:"))
        await one.post(room, "here")
        assert (await other.event("message.posted"))["data"]["sender"]["username"] == "load-hall-00001"


def test_the_file_is_its_owners_alone_even_when_it_was_everybodys(seed: Any, tmp_path: Path) -> None:
    file = tmp_path / "tokens"
    file.write_text("old\n" * 9)
    file.chmod(0o644)
    assert len(seed(2, "hall")) == 2
    assert file.stat().st_mode & 0o777 == 0o600


def test_tokens_last_an_hour_unless_told_otherwise(seed: Any) -> None:
    for token, minutes in ((seed(1, "hall")[0], 60), (seed(1, "hall", "--lifetime", "90")[0], 90)):
        left = credentials.by_token(token).expires_at - timezone.now()
        assert timedelta(minutes=minutes - 1) < left <= timedelta(minutes=minutes)


def test_a_second_call_tops_the_room_up_and_signs_everybody_in_again(seed: Any) -> None:
    before = seed(2, "hall")
    with agreeing():
        tokens = seed(5, "hall")
    assert len(members("hall")) == len(tokens) == User.objects.count() == 5
    assert not set(before) & set(tokens)
    owner = credentials.by_token(tokens[0])
    assert owner.user == credentials.by_token(before[0]).user
    assert Login.objects.filter(user=owner.user).count() == 2
    with agreeing() as events:
        assert len(seed(3, "hall")) == 3
    assert events == [] and len(members("hall")) == 5


def test_who_has_left_comes_in_again(seed: Any) -> None:
    seed(3, "hall")
    leave_room(actor=User.objects.get(username="load-hall-00002"), room_id=Room.objects.get().pk)
    with agreeing():
        seed(3, "hall")
    assert len(members("hall")) == 3


def test_another_room_has_people_of_its_own(seed: Any) -> None:
    seed(2, "hall")
    with agreeing():
        seed(3, "lane")
    assert members("hall") == ["load-hall-00001", "load-hall-00002"]
    assert members("lane") == ["load-lane-00001", "load-lane-00002", "load-lane-00003"]


def test_more_people_than_one_transaction_makes(seed: Any, django_assert_max_num_queries: Any) -> None:
    with agreeing(), django_assert_max_num_queries(1_000):
        assert len(set(seed(1_201, "hall"))) == 1_201
    assert len(members("hall")) == Imported.objects.count() == 1_201


def test_a_database_with_other_people_is_refused_untouched(seed: Any) -> None:
    User.objects.create_user("ada")
    with pytest.raises(CommandError, match="people who were not made for load tests, such as ada") as refused:
        seed(2, "hall")
    assert refused.value.returncode == 1
    assert User.objects.count() == 1 and not Room.objects.exists()


def test_so_is_one_to_which_somebody_has_come_since(seed: Any) -> None:
    seed(1, "hall")
    User.objects.create_user("ada")
    with pytest.raises(CommandError, match="such as ada"):
        seed(2, "hall")
    assert members("hall") == ["load-hall-00001"]


@pytest.mark.parametrize("slug", ["Hall", "big hall", "new", "", "h" * 54])
def test_what_cannot_be_a_slug_is_refused_by_name(seed: Any, slug: str) -> None:
    with pytest.raises(CommandError, match="--room: a slug is"):
        seed(1, slug)
    assert not User.objects.exists()


def test_a_room_whose_people_would_look_like_anothers_is_refused(seed: Any) -> None:
    seed(1, "hall")
    with pytest.raises(CommandError, match="--room: this slug looks like another room's"):
        seed(1, "ha11")
    assert Room.objects.count() == 1


@pytest.mark.parametrize("users", ["0", "-1", "100000", "many", "1.5"])
def test_a_number_that_cannot_be_is_refused_by_name(seed: Any, users: str) -> None:
    with pytest.raises(CommandError, match="--users"):
        seed(users, "hall")


def test_a_file_that_cannot_be_written_is_refused_before_anybody_is_made(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere" / "tokens"):
        with pytest.raises(CommandError, match="--tokens"):
            call_command("seed_load", "--users", "1", "--room", "hall", "--tokens", str(path))
    assert not User.objects.exists()


def test_a_disabled_one_is_named_as_the_reason(seed: Any) -> None:
    seed(2, "hall")
    disable_user(actor=None, user_id=User.objects.get(username="load-hall-00002").pk)
    with pytest.raises(CommandError, match="disabled"):
        seed(2, "hall")


def test_its_help_says_what_it_refuses(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call_command("seed_load", "--help")
    assert "refuses a database that holds people" in " ".join(capsys.readouterr().out.split())
