"""What every HTTP answer of the production server carries, and its static files."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import httpx
import pytest
import uvicorn
from uvicorn.server import ServerState

from project.http import HttpProtocol
from project.limits import BODY_BYTES
from tests.support import stores
from tests.support.server import Parley

TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large"
DEPLOYED = {
    "ALLOWED_HOSTS": "chat.example.org",
    "TRUSTED_ORIGINS": "https://chat.example.org",
    "TRUSTED_PROXIES": "127.0.0.1",
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    parley = Parley(tmp_path_factory.mktemp("http") / "parley").start()
    try:
        with httpx.Client(base_url=parley.url) as client:
            yield client
    finally:
        parley.kill()


def manifest() -> dict[str, str]:
    names: dict[str, str] = json.loads((stores.template() / "static" / "staticfiles.json").read_text())["paths"]
    return names


@pytest.mark.parametrize("path", ["/setup/", "/no-such-page/"])
def test_pages_forbid_what_they_do_not_need(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'self';" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-frame-options"] == "DENY"
    assert "server" not in headers


def test_cookies_are_not_for_scripts_and_not_for_other_sites(client: httpx.Client) -> None:
    cookie = client.get("/setup/").headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie


def test_a_static_file_has_a_hashed_name_and_is_kept_for_ever(client: httpx.Client) -> None:
    name = manifest()["admin/css/base.css"]
    assert re.fullmatch(r"admin/css/base\.[0-9a-f]{12}\.css", name)
    answer = client.get(f"/static/{name}")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "max-age=315360000, public, immutable"
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-type"].startswith("text/css")
    assert client.get(f"/static/{name}", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    part = client.get(f"/static/{name}", headers={"Range": "bytes=0-9", "Accept-Encoding": "identity"})
    assert part.status_code == 206 and part.content == answer.content[:10]
    assert client.head(f"/static/{name}").content == b""


def test_static_files_are_only_static_files(client: httpx.Client) -> None:
    assert client.get("/static/nothing.css").status_code == 404
    assert client.get("/static/../secret-key").status_code == 404
    assert client.post(f"/static/{manifest()['admin/css/base.css']}").status_code == 405


def test_what_modules_import_has_a_hashed_name_too() -> None:
    static = stores.template() / "static"
    imports = re.compile(r"""(?:from|import)\s*\(?["'](\.[^"']+)["']""")
    modules = [static / name for name in manifest().values() if re.match(r"js/.*\.js$", name)]
    assert modules
    for module in modules:
        for imported in imports.findall(strip_comments(module.read_text())):
            assert re.search(r"\.[0-9a-f]{12}\.js$", imported), f"{module} imports {imported}"
            assert (module.parent / imported).exists(), f"{module} imports {imported}"


def strip_comments(source: str) -> str:
    return re.sub(r"/\*.*?\*/|^\s*//[^\n]*", "", source, flags=re.DOTALL | re.MULTILINE)


def test_a_deployment_passes_the_security_checks(tmp_path: Path) -> None:
    env = stores.furnish(tmp_path / "parley") | DEPLOYED
    assert "no issues" in stores.manage("check", "--deploy", "--fail-level", "WARNING", env=env)


def test_behind_a_proxy_cookies_are_secure_and_the_client_is_who_the_proxy_says(
    start_parley: Callable[..., Parley],
) -> None:
    parley = start_parley(**DEPLOYED)
    headers = {"Host": "chat.example.org", "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
    answer = httpx.get(parley.url + "/setup/", headers=headers)
    assert "Secure" in answer.headers["set-cookie"]
    assert "max-age=" in answer.headers["strict-transport-security"]
    parley.terminate()
    assert '"client":"203.0.113.9"' in parley.log()


def test_without_a_trusted_proxy_nobody_says_who_they_are(start_parley: Callable[..., Parley]) -> None:
    parley = start_parley()
    answer = httpx.get(parley.url + "/setup/", headers={"X-Forwarded-For": "203.0.113.9"})
    assert "Secure" not in answer.headers["set-cookie"]
    parley.terminate()
    assert "203.0.113.9" not in parley.log()


def exchange(client: httpx.Client, request: bytes) -> bytes:
    """Sends bytes as they are; returns the status line."""
    with socket.create_connection((client.base_url.host, client.base_url.port or 80), timeout=10) as connection:
        with contextlib.suppress(ConnectionError):
            connection.sendall(request)
        return connection.makefile("rb").readline().strip()


def test_a_body_too_long_is_refused_before_it_comes(client: httpx.Client) -> None:
    request = b"POST /setup/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % 10**12
    assert exchange(client, request).split()[1] == b"413"


def test_a_body_without_an_end_is_cut(client: httpx.Client) -> None:
    request = b"POST /setup/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    piece = b"%x\r\n" % 65536 + bytes(65536) + b"\r\n"
    assert exchange(client, request + piece * (BODY_BYTES // 65536 + 1)).split()[1] == b"413"
    assert client.get("/setup/").status_code == 200


@pytest.mark.parametrize("piece", [b"a" * 65536, b"x-a: b\r\n" * 8192], ids=["one header", "many headers"])
def test_a_head_without_an_end_is_cut(client: httpx.Client, piece: bytes) -> None:
    assert exchange(client, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-A: " + piece * 64) in (TOO_LARGE, b"")
    address = (client.base_url.host, client.base_url.port or 80)
    with socket.create_connection(address, timeout=10) as connection, pytest.raises(ConnectionError):
        for _ in range(1024):
            connection.sendall(piece)
    assert client.get("/healthz").status_code == 200


def test_trailers_without_an_end_are_cut(client: httpx.Client) -> None:
    request = b"POST /setup/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
    with socket.create_connection((client.base_url.host, client.base_url.port or 80), timeout=10) as connection:
        connection.sendall(request)
        with pytest.raises(ConnectionError):
            for _ in range(1024):
                connection.sendall(b"x-a: b\r\n" * 8192)


def read_healthy(answers: BinaryIO) -> None:
    assert answers.readline().split()[1] == b"200"
    while answers.readline().strip():
        pass
    answers.read(len(b'{"status":"ok"}'))


def test_heads_follow_each_other_on_one_connection(client: httpx.Client) -> None:
    """Each is counted by itself, whole or in pieces."""
    request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-A: %b\r\n\r\n" % (b"a" * 40_000)
    with socket.create_connection((client.base_url.host, client.base_url.port or 80), timeout=10) as connection:
        answers = connection.makefile("rb")
        for cut in (0, 20_000, 39_000):
            connection.sendall(request[:cut])
            time.sleep(0.05)
            connection.sendall(request[cut:])
            read_healthy(answers)


def test_a_head_that_is_too_slow_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("project.http.HEAD_SECONDS", 0.1)

    async def application(scope: object, receive: object, send: object) -> None:
        raise AssertionError("it is asked only when a head is complete")

    async def talk() -> bytes:
        config = uvicorn.Config(application, interface="asgi3", ws="none", log_config=None)
        listen = asyncio.get_running_loop().create_server
        async with await listen(lambda: HttpProtocol(config, ServerState(), {}), "127.0.0.1", 0) as server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            writer.write(b"GET / HTTP/1.1\r\nHost: loc")
            answer = await asyncio.wait_for(reader.read(), 5)
            writer.close()
            await asyncio.sleep(0.05)
        return answer

    assert asyncio.run(talk()) == b""


def test_who_has_not_asked_for_anything_after_5_seconds_is_cut(client: httpx.Client) -> None:
    whole = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    half = whole[:-2]
    begun = time.monotonic()
    with contextlib.ExitStack() as stack:
        idle: list[BinaryIO] = []
        # After a whole request: half a second one, or blank lines, which begin none.
        for first, then in (
            (b"", b""),
            (b"", half),
            (b"", half + b"Upgrade: websocket\r\n"),
            (whole, half),
            (whole, b"\r\n"),
        ):
            address = (client.base_url.host, client.base_url.port or 80)
            connection = stack.enter_context(socket.create_connection(address, timeout=10))
            idle.append(stack.enter_context(connection.makefile("rb")))
            connection.sendall(first)
            if first:
                read_healthy(idle[-1])
            connection.sendall(then)
        assert [stream.read() for stream in idle] == [b""] * 5
    assert 4 < time.monotonic() - begun < 9


def test_another_host_is_refused(client: httpx.Client) -> None:
    assert client.get("/setup/", headers={"Host": "evil.example.org"}).status_code == 400
