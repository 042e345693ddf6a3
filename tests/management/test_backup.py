"""`manage.py backup` and `restore`: everything goes in and comes back, while the server runs."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import httpx
import pytest

from chat.management.backups import archive
from tests.support import stores
from tests.support.cast import Cast, assemble
from tests.support.server import Parley

EPOCH = "from chat.models import Workspace; print(Workspace.current().epoch)"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "backups" / "parley.tar.gz"


@pytest.fixture(autouse=True)
def programs(file: Path) -> None:
    file.parent.mkdir()
    if "DATABASE_URL" in stores.environment() and not shutil.which("psql"):
        pytest.skip("the client programs of PostgreSQL are not installed")


def bodies(cast: Cast, room: str) -> list[str]:
    headers = {"Authorization": f"Bearer {cast.tokens['alice']}"}
    answer = httpx.get(f"{cast.parley.url}/api/v1/rooms/{room}/messages/", headers=headers)
    return [message["body"] for message in answer.raise_for_status().json()["results"]]


def mode(file: Path) -> int:
    return file.stat().st_mode & 0o777


def neighbours(file: Path) -> list[str]:
    return [path.name for path in file.parent.iterdir()]


def write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(content)


def read(path: Path) -> bytes:
    return path.read_bytes()


def cut_the_database_of(file: Path, folder: Path, share: float) -> None:
    """Leaves so much of the database of a backup, from its beginning."""
    manifest = archive.read(file, folder)
    database = folder / archive.DATABASE
    database.write_bytes(database.read_bytes()[: int(database.stat().st_size * share)])
    archive.write(file, manifest, database, folder)


def refused(parley: Parley, *command: str) -> str:
    with pytest.raises(subprocess.CalledProcessError) as failed:
        parley.manage(*command)
    return str(failed.value.output)


async def test_who_is_there_begins_again_with_what_was_restored(parley_server: Parley, file: Path) -> None:
    cast = assemble(parley_server)
    room = cast.room()
    alice, bob = await cast.client("alice").start(), await cast.client("bob").start()
    await alice.post(room, "before")
    assert "MB, as of" in parley_server.manage("backup", str(file))
    assert mode(file) == 0o600
    await alice.post(room, "after")
    await bob.event("message.posted", lambda data: data["body"] == "after")

    assert "3 people" in parley_server.manage("restore", str(file), "--replace")
    for client in alice, bob:
        assert await client.closed() == 1012
        await client.frame("bye", code="restart")
    epoch = bob.epoch
    await alice.start()
    await bob.start()
    assert bob.epoch != epoch
    assert {reset["stream"] for reset in bob.resets} >= {f"room:{room}", f"user:{cast.ids['bob']}"}
    assert bodies(cast, room) == ["before"]
    await alice.post(room, "again")
    await bob.event("message.posted", lambda data: data["body"] == "again")
    assert bodies(cast, room) == ["before", "again"]
    await cast.leave()
    assert neighbours(file) == [file.name], "nothing is left beside it"


async def test_another_machine_goes_on_where_this_one_was(parley_server: Parley, file: Path, tmp_path: Path) -> None:
    cast = assemble(parley_server)
    room = cast.room()
    async with cast.client("alice") as alice:
        await alice.post(room, "kept")
    plan = Path("files") / "ab" / "plan.pdf"
    write(parley_server.data / plan, b"a plan")
    parley_server.manage("backup", str(file))
    other = Parley(tmp_path / "other")
    printed = other.manage("restore", str(file))
    assert "3 people" in printed and "1 messages" in printed
    other.start()
    try:
        moved = Cast(**{**vars(cast), "parley": other})
        assert bodies(moved, room) == ["kept"], "the token of the first machine holds on the second"
        assert read(other.data / plan) == b"a plan"
    finally:
        other.kill()


def test_people_are_given_up_only_when_told_so(parley_server: Parley, file: Path) -> None:
    assemble(parley_server)
    parley_server.manage("backup", str(file))
    assert "--replace gives all of it up" in refused(parley_server, "restore", str(file))


@pytest.mark.parametrize("share", [0.01, 0.67], ids=["its beginning alone", "two thirds of it"])
async def test_a_database_that_is_not_whole_changes_nothing(
    parley_server: Parley, file: Path, tmp_path: Path, share: float
) -> None:
    """The file is in order, what is in it is not: of its first half nothing may stay."""
    cast = assemble(parley_server)
    room = cast.room()
    async with cast.client("alice") as alice:
        for number in range(40):
            await alice.post(room, f"{number} " + "word " * 200)
    parley_server.manage("backup", str(file))
    cut_the_database_of(file, tmp_path / "unpacked", share)
    async with cast.client("alice") as alice:
        await alice.post(room, "since then")
    epoch = parley_server.manage("shell", "-v0", "-c", EPOCH)
    assert "CommandError: " in refused(parley_server, "restore", str(file), "--replace")
    assert parley_server.manage("shell", "-v0", "-c", EPOCH) == epoch
    assert bodies(cast, room)[-1] == "since then"


def test_a_file_that_is_deleted_meanwhile_is_not_in_it(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, folder = tmp_path / "data", tmp_path / "data" / "files" / "ab"
    write(folder / "one", b"words")
    (folder / "other").write_bytes(b"words")
    (data / "secret-key").write_text("secret")
    described = tarfile.TarFile.gettarinfo

    def deleting(tar: tarfile.TarFile, name: Any = None, arcname: Any = None, fileobj: Any = None) -> tarfile.TarInfo:
        """As soon as one of them is taken, both have been found, and the other goes."""
        info = described(tar, name, arcname, fileobj)
        if Path(info.name).name in ("one", "other"):
            (folder / ("other" if info.name.endswith("one") else "one")).unlink(missing_ok=True)
        return info

    monkeypatch.setattr(tarfile.TarFile, "gettarinfo", deleting)
    archive.write(file, archive.Manifest(made_at="now", engine="sqlite"), data / "secret-key", data)
    monkeypatch.undo()
    archive.read(file, tmp_path / "unpacked")
    (kept,) = (tmp_path / "unpacked" / "files" / "ab").iterdir()
    assert read(kept) == b"words"


def test_what_is_no_backup_changes_nothing(parley_server: Parley, file: Path) -> None:
    cast = assemble(parley_server)
    parley_server.manage("backup", str(file))
    whole = file.read_bytes()
    for broken in (b"", b"no backup", whole[: len(whole) // 2]):
        file.write_bytes(broken)
        assert "is no backup of Parley, or not whole" in refused(parley_server, "restore", str(file), "--replace")
    assert "no folder" in refused(parley_server, "backup", str(file.parent / "missing" / "file"))
    assert bodies(cast, cast.room()) == []
