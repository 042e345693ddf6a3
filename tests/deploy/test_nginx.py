"""What deploy/nginx says, to a real nginx before real nodes."""

from __future__ import annotations

import asyncio
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from tests.support import pdfs
from tests.support.cast import Cast, assemble
from tests.support.client import Client
from tests.support.nginx import check, nginx
from tests.support.server import Parley
from tests.support.services import free_port

DEPLOY = Path(__file__).parent.parent.parent / "deploy" / "nginx"


@pytest.fixture
def front(tmp_path: Path, start_parley: Callable[..., Parley]) -> Iterator[tuple[str, Parley, Parley]]:
    """The address of nginx, and two nodes behind it."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    first = start_parley(TRUSTED_PROXIES="127.0.0.1", TRUSTED_ORIGINS=url)
    second = first.another()
    try:
        with nginx(tmp_path / "nginx", [first.port, second.port], port):
            yield url, first, second
    finally:
        second.kill()


def through(cast: Cast, url: str, name: str) -> Client:
    client = Client(url.replace("http", "ws", 1) + "/ws/", cast.tokens[name])
    cast.clients.append(client)
    return client


async def come_back(client: Client) -> None:
    """As clients do: tries again while nginx knows of no node."""
    async with asyncio.timeout(20):
        while True:
            try:
                await client.start()
            except InvalidStatus as refused:
                assert refused.response.status_code == 503
                await asyncio.sleep(0.2)
            else:
                return


async def test_a_client_goes_on_at_another_node(front: tuple[str, Parley, Parley]) -> None:
    url, first, second = front
    cast = assemble(first)
    room = cast.room()
    alice, bob = await through(cast, url, "alice").start(), await through(cast, url, "bob").start()
    await alice.post(room, "before")
    await bob.event("message.posted", lambda data: data["body"] == "before")
    for node, other in ((first, second), (second, first)):
        node.kill()
        for client in alice, bob:
            if client.close_code is None:
                await client.drop()
            await come_back(client)
        await alice.post(room, f"without {node.name}")
        await bob.event("message.posted", lambda data, node=node: data["body"] == f"without {node.name}")
        node.start()
        assert other.process
    assert bob.log(f"room:{room}") == sorted(set(bob.log(f"room:{room}")))
    await cast.leave()


def test_files_are_sent_by_nginx_to_those_who_may_have_them(
    tmp_path: Path, start_parley: Callable[..., Parley]
) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    node = start_parley(TRUSTED_PROXIES="127.0.0.1", TRUSTED_ORIGINS=url, FILES_ACCEL="/parley-files/")
    cast = assemble(node)
    alice, bob = ({"Authorization": f"Bearer {cast.tokens[name]}"} for name in ("alice", "bob"))
    with nginx(tmp_path / "nginx", [node.port], port, files=f"{node.env['PARLEY_DATA']}/files/"):
        words = b"words " * 2_000_000
        file = httpx.post(f"{url}/api/v1/uploads/", files={"file": ("notes.txt", words)}, headers=alice).json()
        answer = httpx.get(url + file["url"], headers=alice)
        assert answer.content == words and "x-accel-redirect" not in answer.headers
        assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
        assert answer.headers["content-disposition"] == 'attachment; filename="notes.txt"'
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"].startswith("private")
        part = httpx.get(url + file["url"], headers=alice | {"Range": "bytes=6-10"})
        assert (part.status_code, part.content) == (206, b"words")
        assert httpx.get(url + file["url"], headers=bob).status_code == 404
        plan = {"file": ("plan.pdf", pdfs.paper())}
        paper = httpx.get(
            url + httpx.post(f"{url}/api/v1/uploads/", files=plan, headers=alice).json()["url"], headers=alice
        )
        assert paper.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'self'"
        assert (paper.headers["x-frame-options"], answer.headers["x-frame-options"]) == ("SAMEORIGIN", "DENY")
        key = file["id"].replace("-", "")
        assert httpx.get(f"{url}/parley-files/{key[:2]}/{key}", headers=alice).status_code == 404


async def test_pages_and_sockets_come_through(front: tuple[str, Parley, Parley]) -> None:
    url, first, _ = front
    cast = assemble(first)
    token = {"Authorization": f"Bearer {cast.tokens['alice']}"}
    async with httpx.AsyncClient(base_url=url) as browser:
        assert (await browser.get("/sign-in/")).status_code == 200
        assert (await browser.get("/api/v1/me/", headers=token)).json()["username"] == "alice"
        assert (await browser.get("/metrics")).status_code == 404
        too_large = await browser.post("/api/v1/rooms/", content=b"x" * (9 << 20), headers=token)
        assert too_large.status_code == 413
    assert (await through(cast, url, "alice").start()).ready["op"] == "ready"
    await cast.leave()


def test_the_log_of_nginx_opens_no_door(front: tuple[str, Parley, Parley], tmp_path: Path) -> None:
    url, *nodes = front
    answer = httpx.get(f"{url}/invite/a-secret-word/?also=a-secret-word")
    log = tmp_path / "nginx" / "access.log"
    while not log.exists() or "/invite/..." not in log.read_text():
        time.sleep(0.05)
    assert "a-secret-word" not in log.read_text()
    request_id = answer.headers["X-Request-ID"]
    assert request_id in log.read_text()
    while not any(f'"request":"{request_id}"' in node.log() for node in nodes):  # written after the answer
        time.sleep(0.05)


def test_without_any_node_people_are_told(tmp_path: Path) -> None:
    with nginx(tmp_path / "nginx", [free_port()]) as url:
        answer = httpx.get(f"{url}/rooms/")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "2"
    assert "Back in a moment" in answer.text and answer.headers["Content-Type"].startswith("text/html")


def test_nginx_takes_the_site(tmp_path: Path) -> None:
    subprocess.run(
        "openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 1 -subj /CN=chat.example.org",
        shell=True,
        check=True,
        capture_output=True,
        cwd=tmp_path,
    )
    site = (DEPLOY / "parley.conf").read_text().replace("/etc/nginx/parley", str(DEPLOY / "parley"))
    site = re.sub(r"/etc/letsencrypt/\S+/fullchain", str(tmp_path / "cert"), site)
    site = re.sub(r"/etc/letsencrypt/\S+/privkey", str(tmp_path / "key"), site)
    site = re.sub(r"/var/log/nginx", str(tmp_path), site)
    (tmp_path / "site.conf").write_text(site)
    (tmp_path / "nginx.conf").write_text("events {}\npid nginx.pid;\nhttp { include site.conf; }\n")
    check(tmp_path)
