"""`parley`, as processes of its own on a real server."""

from __future__ import annotations

import json
import os
import pty
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from personal import personal_token

from parley_client import limits
from parley_client.cli import run
from parley_client.cli.problem import Problem
from parley_client.cli.send import split
from parley_client.cli.text import plain
from tests.support.cast import PASSWORD, Cast
from tests.torture.proxy import Proxy

SOURCE = Path(__file__).parents[1] / "src"
WAIT_SECONDS = 30


class Shell:
    """Somebody's terminal: their settings folder and environment."""

    def __init__(self, home: Path, **env: str) -> None:
        self.home = home
        self.env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCE), "XDG_CONFIG_HOME": str(home), "TZ": "UTC"}
        self.env |= env
        self.started: list[subprocess.Popen[str]] = []

    def parley(self, *arguments: str, stdin: str = "", code: int = 0) -> str:
        """Runs it; returns standard output, or the complaint when another code than 0 is expected."""
        command = [sys.executable, "-m", "parley_client", *arguments]
        done = subprocess.run(
            command, input=stdin, env=self.env, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == code, done.stderr
        if code:
            assert done.stderr.count("\n") == 1 and done.stderr.startswith("parley: "), done.stderr
            return done.stderr
        assert done.stderr == ""
        return done.stdout

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "parley_client", *arguments]
        process = subprocess.Popen(
            command, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True
        )
        self.started.append(process)
        return process

    def file(self) -> Path:
        return self.home / "parley" / "login.json"


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Callable[..., Shell]]:
    shells: list[Shell] = []

    def made(**env: str) -> Shell:
        shells.append(Shell(tmp_path / f"home-{len(shells)}", **env))
        return shells[-1]

    yield made
    for each in shells:
        for process in each.started:
            process.kill()
            process.communicate()


@pytest.fixture
def bob(shell: Callable[..., Shell], cast: Cast) -> Shell:
    """Bob, who has a personal access token in his environment."""
    return shell(PARLEY_URL=cast.parley.url, PARLEY_TOKEN=personal_token(cast, "bob"))


def lines_until(process: subprocess.Popen[str], end: str) -> list[str]:
    """Lines of output up to the one that ends so."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line.rstrip("\n"))
        if lines[-1].endswith(end):
            return lines
    raise AssertionError(f"it ended: {lines} {process.stderr.read() if process.stderr else ''}")


def test_signing_in_by_password_and_out_again(shell: Callable[..., Shell], cast: Cast) -> None:
    alice = shell()
    said = alice.parley("login", cast.parley.url + "/", "--username", "alice", stdin=PASSWORD + "\n")
    assert said == f"Signed in to {cast.parley.url} as alice.\n"
    assert stat.S_IMODE(alice.file().stat().st_mode) == 0o600
    assert PASSWORD not in alice.file().read_text()
    assert cast.rooms[0] and "private" in alice.parley("rooms")
    kept = alice.file().read_text()
    alice.parley("logout")
    assert not alice.file().exists()
    alice.file().write_text(kept)
    assert "sign in" in alice.parley("rooms", code=1)


def test_the_password_is_asked_for_at_a_terminal_and_not_shown(shell: Callable[..., Shell], cast: Cast) -> None:
    alice = shell()
    main, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "parley_client", "login", cast.parley.url, "--username", "alice"],
        env=alice.env, stdin=terminal, stdout=terminal, stderr=terminal, start_new_session=True,
    )  # fmt: skip
    os.close(terminal)
    shown = b""
    while b"Password: " not in shown:
        shown += os.read(main, 1024)
    os.write(main, PASSWORD.encode() + b"\n")
    while b"as alice" not in shown:
        shown += os.read(main, 1024)
    assert process.wait(WAIT_SECONDS) == 0
    os.close(main)
    assert PASSWORD.encode() not in shown


def test_a_wrong_password_is_refused(shell: Callable[..., Shell], cast: Cast) -> None:
    alice = shell()
    assert "no enabled user" in alice.parley("login", cast.parley.url, "--username", "alice", stdin="no\n", code=1)
    assert not alice.file().exists()


def test_a_personal_token_comes_by_standard_input(shell: Callable[..., Shell], cast: Cast) -> None:
    bob = shell()
    token = personal_token(cast, "bob")
    assert "as bob" in bob.parley("login", cast.parley.url, "--token", stdin=token + "\n")
    assert "private" in bob.parley("rooms")


def test_an_old_access_token_is_renewed_and_kept(shell: Callable[..., Shell], cast: Cast) -> None:
    alice = shell()
    alice.parley("login", cast.parley.url, "--username", "alice", stdin=PASSWORD + "\n")
    for age in (limits.RENEW_SECONDS + 1, -3600):
        kept = json.loads(alice.file().read_text())
        kept["pair"]["obtained_at"] = time.time() - age
        alice.file().write_text(json.dumps(kept))
        commands = [alice.start("rooms") for _ in range(3)]  # who share one refresh token
        assert [command.wait(WAIT_SECONDS) for command in commands] == [0, 0, 0]
        renewed = json.loads(alice.file().read_text())
        assert renewed["pair"]["refresh"] != kept["pair"]["refresh"]
    assert stat.S_IMODE(alice.file().stat().st_mode) == 0o600


def test_what_is_sent_is_exported(bob: Shell, cast: Cast) -> None:
    room = cast.room()
    bob.parley("send", room, "hello", "there")
    bob.parley("send", room, "-", stdin="two\nlines\n")
    found = [json.loads(line) for line in bob.parley("export", room).splitlines()]
    assert [each["body"] for each in found] == ["hello there", "two\nlines"]
    assert found[0]["sender"]["username"] == "bob"
    markdown = bob.parley("export", room, "--format", "md")
    assert markdown.startswith("# Room ") and "**Bob** " in markdown and "\ntwo\nlines\n" in markdown


def test_long_input_is_cut_between_lines(bob: Shell, cast: Cast) -> None:
    room = cast.room()
    text = "".join(f"{number} {'x' * 90}\n" for number in range(400))
    bob.parley("send", room, "-", stdin=text)
    found = [json.loads(line)["body"] for line in bob.parley("export", room).splitlines()]
    assert len(found) == 3 and "\n".join(found) == text.rstrip("\n")


def test_the_whole_history_is_exported(bob: Shell, cast: Cast) -> None:
    room = cast.room()
    for _ in range(3):
        bob.parley("send", room, "-", stdin="\n".join(["z" * 7_000] * 150))
    assert len(bob.parley("export", room).splitlines()) == 225


def test_tail_shows_what_was_and_what_is_said_and_ends_cleanly(bob: Shell, cast: Cast) -> None:
    room = cast.room()
    bob.parley("send", room, "before")
    tail = bob.start("tail", room)
    assert lines_until(tail, "bob: before")
    bob.parley("send", room, "a \x1b[31mred\x1b[0m herring")
    assert lines_until(tail, "bob: a [31mred[0m herring")
    tail.send_signal(signal.SIGINT)
    _, errors = tail.communicate(timeout=WAIT_SECONDS)
    assert (tail.returncode, errors) == (130, "")


def test_tail_goes_on_after_a_number_as_json(bob: Shell, cast: Cast) -> None:
    room = cast.room()
    for word in ("one", "two", "three"):
        bob.parley("send", room, word)
    first = json.loads(bob.parley("export", room).splitlines()[0])["seq"]
    tail = bob.start("tail", room, "--since", str(first), "--json")
    shown = [json.loads(line) for line in lines_until(tail, "}}") + lines_until(tail, "}}")]
    assert [(each["type"], each["data"]["body"]) for each in shown] == [("message", "two"), ("message", "three")]
    bob.parley("send", room, "four")
    event = json.loads(lines_until(tail, "}}")[0])
    assert (event["type"], event["seq"], event["data"]["body"]) == ("message.posted", first + 3, "four")


async def test_tail_comes_back_by_itself(shell: Callable[..., Shell], own_cast: Cast, proxy: Proxy) -> None:
    import asyncio

    room = own_cast.room()
    bob = shell(PARLEY_URL=f"http://127.0.0.1:{proxy.port}", PARLEY_TOKEN=own_cast.tokens["bob"])
    direct = shell(PARLEY_URL=own_cast.parley.url, PARLEY_TOKEN=own_cast.tokens["bob"])
    await asyncio.to_thread(direct.parley, "send", room, "before")
    tail = bob.start("tail", room)
    await asyncio.to_thread(lines_until, tail, "before")
    for turn in range(3):
        proxy.cut_all()
        await asyncio.to_thread(direct.parley, "send", room, f"turn {turn}")
        assert len(await asyncio.to_thread(lines_until, tail, f"turn {turn}")) == 1


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("send", "nowhere", "x"), 1, "in no room"),
        (("tail", "nowhere"), 1, "in no room"),
        (("send", "nowhere", "-"), 2, "nothing to send"),
        (("login", "chat.example.org", "--username", "x"), 2, "no address"),
    ],
)
def test_complaints_are_one_line(bob: Shell, arguments: tuple[str, ...], code: int, words: str) -> None:
    assert words in bob.parley(*arguments, code=code)


def test_nobody_is_signed_in(shell: Callable[..., Shell]) -> None:
    for command in ("rooms",), ("logout",), ("tail", "x"):
        assert "nobody is signed in" in shell().parley(*command, code=1)


def test_a_server_that_is_not_there_is_unreachable(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PARLEY_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("PARLEY_TOKEN", "parley_x")
    monkeypatch.setattr("parley_client.cli.session.PATIENCE_SECONDS", 0.2)
    monkeypatch.setattr("parley_client.cli.tail.PATIENCE_SECONDS", 0.2)
    for command in (["rooms"], ["tail", "x"]):
        assert run(command) == 3
        assert capsys.readouterr().err.count("\n") == 1


def test_who_stops_reading_ends_an_export(bob: Shell, cast: Cast) -> None:
    room = cast.room()
    bob.parley("send", room, "-", stdin="\n".join(["z" * 15_000] * 40))
    export = bob.start("export", room)
    assert export.stdout is not None and export.stderr is not None
    export.stdout.read(10)
    export.stdout.close()
    assert export.stderr.read() == ""
    assert export.wait(WAIT_SECONDS) == 0


def test_splitting() -> None:
    assert split("a\nb\n", most=3) == ["a\nb"]
    assert split("a\nb\nc", most=3) == ["a\nb", "c"]
    assert split("ab\r\n\r\ncd", most=2) == ["ab", "cd"]
    for text, words in (("", "nothing"), (" \n", "nothing"), ("abcd", "4 characters")):
        with pytest.raises(Problem, match=words):
            split(text, most=3)


def test_what_a_terminal_would_obey_is_left_out() -> None:
    assert plain("a\x1b]0;x\x07b\x9b1mc\td\ne\u202ef\x7f") == "a]0;xb1mc d\nef"
