"""Uploads as bytes on a wire, to a real server."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from tests.support.cast import Cast

BOUNDARY = "parley-parley-parley"
FORM = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="x.bin"\r\n\r\n'.encode()
MEGABYTE = 1024 * 1024


def files(data: Path) -> list[Path]:
    """What is kept of uploads, whole or in parts."""
    return [path for name in ("files", "arriving") for path in (data / name).rglob("*") if path.is_file()]


def begin(cast: Cast, length: int) -> socket.socket:
    """A connection on which an upload of so many bytes is announced."""
    parts = urlsplit(cast.parley.url)
    connection = socket.create_connection((parts.hostname or "", parts.port or 0), timeout=30)
    head = [
        "POST /api/v1/uploads/ HTTP/1.1",
        f"Host: {parts.netloc}",
        f"Authorization: Bearer {cast.tokens['alice']}",
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}",
        f"Content-Length: {length}",
    ]
    connection.sendall("\r\n".join([*head, "", ""]).encode())
    return connection


def upload(cast: Cast, data: bytes) -> httpx.Response:
    headers = {"Authorization": f"Bearer {cast.tokens['alice']}"}
    return httpx.post(
        f"{cast.parley.url}/api/v1/uploads/", files={"file": ("x.bin", data)}, headers=headers, timeout=30
    )


def test_an_upload_that_is_cut_leaves_nothing_behind_and_the_next_one_is_taken(fresh: Callable[..., Cast]) -> None:
    cast = fresh()
    data = Path(cast.parley.env["PARLEY_DATA"])
    with begin(cast, 9 * MEGABYTE) as connection:
        connection.sendall(FORM + b"x" * 4 * MEGABYTE)
    assert upload(cast, b"x" * 9 * MEGABYTE).status_code == 201
    deadline = time.monotonic() + 20
    while [path.stat().st_size for path in files(data)] != [9 * MEGABYTE]:
        assert time.monotonic() < deadline, files(data)
        time.sleep(0.05)


def test_too_much_is_refused_where_it_passes_the_limit(fresh: Callable[..., Cast]) -> None:
    cast = fresh(UPLOAD_BYTES=str(9 * MEGABYTE))
    assert upload(cast, b"x" * 9 * MEGABYTE).status_code == 201
    over = upload(cast, b"x" * (9 * MEGABYTE + 1))
    assert (over.status_code, over.json()["code"]) == (413, "too_large")
    with begin(cast, 10 * MEGABYTE) as connection:
        assert connection.recv(4096).startswith(b"HTTP/1.1 413"), "before any of it was sent"
    elsewhere = httpx.post(f"{cast.parley.url}/api/v1/token/", content=b"x" * 9 * MEGABYTE, timeout=30)
    assert elsewhere.status_code == 413, "only files may be that long"
