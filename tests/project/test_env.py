"""Values from the environment, and the one line that refuses what cannot be used."""

from __future__ import annotations

import resource
from collections.abc import Callable
from pathlib import Path

import pytest

from project import env


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    return lambda value: monkeypatch.setenv("THING", value)


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(SystemExit) as stopped:
        call()
    line = str(stopped.value)
    assert line.startswith("THING is ") and "\n" not in line
    return line


def test_a_number_is_read(given: Callable[[str], None]) -> None:
    given(" 8080 ")
    assert env.integer("THING", 8000, least=0, most=65535) == 8080


def test_an_empty_value_is_the_default(given: Callable[[str], None]) -> None:
    given("")
    assert env.integer("THING", 8000, least=0, most=65535) == 8000
    assert env.flag("THING", True) is True
    assert env.origins("THING") == []


@pytest.mark.parametrize("held", ["eighty", "-1", "65536", "8_0", "8.0", "٣", "9" * 5000])
def test_what_is_no_number_in_range_is_refused(given: Callable[[str], None], held: str) -> None:
    given(held)
    line = refusal(lambda: env.integer("THING", 8000, least=0, most=65535))
    assert "a whole number from 0 to 65535" in line and repr(held)[:100] in line


def test_how_many_files_may_be_open_is_the_hard_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (1024, 4096))
    assert env.open_files() == 4096
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (1024, resource.RLIM_INFINITY))
    assert env.open_files() == 1_000_000


@pytest.mark.parametrize(("held", "meant"), [("on", True), ("True", True), ("1", True), ("off", False), ("no", False)])
def test_a_flag_is_read(given: Callable[[str], None], held: str, meant: bool) -> None:
    given(held)
    assert env.flag("THING", not meant) is meant


def test_what_is_no_flag_is_refused(given: Callable[[str], None]) -> None:
    given("maybe")
    assert refusal(lambda: env.flag("THING", True)) == "THING is 'maybe', but takes on or off"


def test_a_folder_is_made_for_its_owner_only(given: Callable[[str], None], tmp_path: Path) -> None:
    given(str(tmp_path / "a" / "b"))
    assert env.folder("THING", tmp_path).stat().st_mode & 0o777 == 0o700


def test_a_file_is_no_folder(given: Callable[[str], None], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    given(str(tmp_path / "file"))
    assert "a folder" in refusal(lambda: env.folder("THING", tmp_path))


def test_origins_are_full(given: Callable[[str], None]) -> None:
    given("https://Chat.Example.org, http://localhost:8080")
    assert env.origins("THING") == ["https://chat.example.org", "http://localhost:8080"]


@pytest.mark.parametrize("held", ["chat.example.org", "https://chat.example.org/", "https://a/b", "ftp://a", "null"])
def test_what_is_no_origin_is_refused(given: Callable[[str], None], held: str) -> None:
    given(held)
    assert "full origins" in refusal(lambda: env.origins("THING"))


@pytest.mark.parametrize("held", ["https://a", "a:8000", "a/b", "-"])
def test_what_is_no_host_is_refused(given: Callable[[str], None], held: str) -> None:
    given(held)
    assert "host names" in refusal(lambda: env.hosts("THING", []))


def test_networks_are_read_and_names_refused(given: Callable[[str], None]) -> None:
    given("127.0.0.1 10.0.0.0/8,::1")
    assert env.networks("THING") == ["127.0.0.1", "10.0.0.0/8", "::1"]
    given("proxy.local")
    assert "IP addresses" in refusal(lambda: env.networks("THING"))


@pytest.mark.parametrize("held", ["mysql://a/b", "parley", "postgresql://a:hidden@b:port/c", "oracle://a:hidden@b/c"])
def test_a_refused_url_keeps_its_password(given: Callable[[str], None], held: str) -> None:
    given(held)
    line = refusal(lambda: env.url("THING", ("postgresql",), "postgresql://host/name"))
    assert "hidden" not in line and "postgresql://host/name" in line
