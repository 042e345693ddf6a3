"""Attempts to get in, or at what is others', by HTTP and by the socket: the rows of docs/security.md."""

from __future__ import annotations

import asyncio
import hmac
import json
import re
import time
import uuid
import warnings
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from jwt.utils import base64url_encode
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.support.cast import PASSWORD, Cast
from tests.support.operate import operate
from tests.support.stores import ROOT

SECURITY = ROOT / "docs" / "security.md"
NOTHING = "999999999999"


# Tools ----------------------------------------------------------------------------------------------


def ask(cast: Cast, method: str, path: str, token: str | None = None, **options: Any) -> httpx.Response:
    headers = options.pop("headers", {}) | ({"Authorization": f"Bearer {token}"} if token else {})
    return httpx.request(method, f"{cast.parley.url}{path}", headers=headers, timeout=30, **options)


async def by_http(cast: Cast, token: str) -> int:
    return (await asyncio.to_thread(ask, cast, "GET", "/api/v1/me/", token)).status_code


async def by_socket(cast: Cast, query: str = "", protocols: tuple[str, ...] = ("parley.v1",), **headers: str) -> int:
    """The status that answers the handshake."""
    try:
        async with connect(cast.url + query, subprotocols=[*protocols], additional_headers=headers):  # type: ignore[list-item]
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


async def shut(cast: Cast, token: str) -> None:
    """The token opens neither door, nor the socket by the second way of sending it."""
    assert await by_http(cast, token) == 401
    assert await by_socket(cast, Authorization=f"Bearer {token}") == 401
    if re.fullmatch(r"[\w.-]+", token):
        assert await by_socket(cast, protocols=("parley.v1", f"bearer.{token}")) == 401


def claims(token: str) -> dict[str, Any]:
    return jwt.decode(token, options={"verify_signature": False})


def secret(cast: Cast) -> str:
    return cast.parley.env.get("SECRET_KEY") or (cast.parley.data / "secret-key").read_text().split()[0]


def signing_key(cast: Cast) -> tuple[str, bytes]:
    """What only the server knows, so that nothing but the attempt itself is wrong with a token."""
    key = hmac.digest(secret(cast).encode(), b"parley: tokens", "sha256")
    return sha256(key).hexdigest()[:16], key


def forged(cast: Cast, name: str = "bob", **changes: Any) -> str:
    """Bob's token with other claims, signed as the server does. None leaves a claim out."""
    kid, key = signing_key(cast)
    said = claims(cast.tokens[name]) | changes
    said = {claim: value for claim, value in said.items() if value is not None}
    return jwt.encode(said, key, algorithm="HS256", headers={"kid": kid})


async def pair(cast: Cast, name: str) -> dict[str, str]:
    answer = await asyncio.to_thread(ask, cast, "POST", "/api/v1/token/", json={"username": name, "password": PASSWORD})
    found: dict[str, str] = answer.raise_for_status().json()
    return found


async def refresh(cast: Cast, token: str) -> httpx.Response:
    return await asyncio.to_thread(ask, cast, "POST", "/api/v1/token/refresh/", json={"refresh": token})


# Tokens ---------------------------------------------------------------------------------------------


async def test_the_tools_themselves_open_the_door(cast: Cast) -> None:
    assert await by_http(cast, forged(cast)) == 200
    assert await by_socket(cast, Authorization=f"Bearer {forged(cast)}") == 101


async def test_no_credentials(cast: Cast) -> None:
    answer = ask(cast, "GET", "/api/v1/me/")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert await by_socket(cast) == 401


async def test_an_expired_token(cast: Cast) -> None:
    await shut(cast, forged(cast, exp=int(time.time()) - 1))


async def test_a_token_that_never_expires(cast: Cast) -> None:
    await shut(cast, forged(cast, exp=None))


async def test_a_token_of_tomorrow(cast: Cast) -> None:
    await shut(cast, forged(cast, iat=int(time.time()) + 86_400))


@pytest.mark.parametrize("algorithm", ["none", "None", "nOnE"])
async def test_alg_none(cast: Cast, algorithm: str) -> None:
    kid, _ = signing_key(cast)
    unsigned = jwt.encode(claims(cast.tokens["bob"]), "", algorithm="none", headers={"kid": kid})
    header = base64url_encode(json.dumps({"alg": algorithm, "typ": "JWT", "kid": kid}).encode()).decode()
    await shut(cast, header + unsigned[unsigned.index(".") :])
    await shut(cast, f"{header}.{cast.tokens['bob'].split('.', 1)[1]}")


async def test_another_algorithm(cast: Cast) -> None:
    kid, key = signing_key(cast)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that the key is short for it
        token = jwt.encode(claims(cast.tokens["bob"]), key, algorithm="HS512", headers={"kid": kid})
    await shut(cast, token)


async def test_a_wrong_key(cast: Cast) -> None:
    kid, _ = signing_key(cast)
    await shut(cast, jwt.encode(claims(cast.tokens["bob"]), b"k" * 32, algorithm="HS256", headers={"kid": kid}))


async def test_the_secret_key_itself_as_key(cast: Cast) -> None:
    kid, _ = signing_key(cast)
    await shut(cast, jwt.encode(claims(cast.tokens["bob"]), secret(cast), algorithm="HS256", headers={"kid": kid}))


@pytest.mark.parametrize("kid", [None, "0" * 16, "../secret-key", 7])
async def test_an_unknown_key_id(cast: Cast, kid: Any) -> None:
    _, key = signing_key(cast)
    parts = [{"alg": "HS256"} | ({} if kid is None else {"kid": kid}), claims(cast.tokens["bob"])]
    signed = b".".join(base64url_encode(json.dumps(part).encode()) for part in parts)
    signature = base64url_encode(hmac.digest(key, signed, "sha256"))
    await shut(cast, (signed + b"." + signature).decode())


async def test_a_changed_payload(cast: Cast) -> None:
    header, _, signature = cast.tokens["bob"].split(".")
    body = forged(cast, user_id=cast.ids["alice"]).split(".")[1]
    await shut(cast, f"{header}.{body}.{signature}")


async def test_another_audience(cast: Cast) -> None:
    for audience in ("other", ["other"], None):
        await shut(cast, forged(cast, aud=audience))


async def test_another_issuer(cast: Cast) -> None:
    for issuer in ("other", None):
        await shut(cast, forged(cast, iss=issuer))


async def test_a_refresh_token_as_access(cast: Cast) -> None:
    await shut(cast, forged(cast, token_type="refresh", generation=0))


async def test_an_access_token_as_refresh(cast: Cast) -> None:
    assert (await refresh(cast, cast.tokens["bob"])).status_code == 401


async def test_a_token_on_the_login_of_somebody_else(cast: Cast) -> None:
    await shut(cast, forged(cast, user_id=cast.ids["alice"]))
    await shut(cast, forged(cast, login=str(uuid.uuid4())))


async def test_a_token_whose_login_was_revoked(fresh: Callable[..., Cast]) -> None:
    cast = fresh()
    mine = await pair(cast, "alice")
    assert await by_http(cast, mine["access"]) == 200
    ask(cast, "POST", "/api/v1/token/revoke/", json={"refresh": mine["refresh"]})
    await shut(cast, mine["access"])
    assert (await refresh(cast, mine["refresh"])).status_code == 401


async def test_a_refresh_token_that_was_used_before(fresh: Callable[..., Cast]) -> None:
    cast = fresh()
    first = await pair(cast, "alice")
    second = (await refresh(cast, first["refresh"])).json()
    third = (await refresh(cast, second["refresh"])).json()
    assert (await refresh(cast, first["refresh"])).status_code == 401
    await shut(cast, third["access"])
    assert (await refresh(cast, third["refresh"])).status_code == 401


async def test_a_token_after_a_new_password(fresh: Callable[..., Cast]) -> None:
    cast = fresh()
    mine = await pair(cast, "alice")
    script = (
        "from chat.models import User; from chat.operations.people import change_password; "
        "change_password(user=User.objects.get(username='alice'), new_password='quite another horse')"
    )
    await asyncio.to_thread(cast.parley.manage, "shell", "-v0", "-c", script)
    await shut(cast, mine["access"])
    assert (await refresh(cast, mine["refresh"])).status_code == 401


async def test_a_token_of_somebody_who_was_disabled(fresh: Callable[..., Cast]) -> None:
    cast = fresh()
    await asyncio.to_thread(operate, cast.parley, "people.disable_user", actor=None, user_id=int(cast.ids["bob"]))
    await shut(cast, cast.tokens["bob"])


async def test_a_personal_token_that_was_revoked(cast: Cast) -> None:
    made = ask(cast, "POST", "/api/v1/tokens/", cast.tokens["bob"], json={"name": "script"}).json()
    assert await by_http(cast, made["token"]) == 200
    ask(cast, "DELETE", f"/api/v1/tokens/{made['id']}/", cast.tokens["bob"])
    await shut(cast, made["token"])


async def test_a_personal_token_beyond_its_scopes(cast: Cast) -> None:
    room = cast.room()
    fields = {"name": "script", "scopes": ["read"]}
    token = ask(cast, "POST", "/api/v1/tokens/", cast.tokens["bob"], json=fields).json()["token"]
    post = {"id": str(uuid.uuid4()), "body": "no"}
    assert ask(cast, "POST", f"/api/v1/rooms/{room}/messages/", token, json=post).status_code == 403
    script = await cast.client("bob", token).start()
    assert (await script.post(room, "no"))["code"] == "forbidden"


async def test_a_personal_token_that_makes_another(cast: Cast) -> None:
    token = ask(cast, "POST", "/api/v1/tokens/", cast.tokens["bob"], json={"name": "script"}).json()["token"]
    assert ask(cast, "POST", "/api/v1/tokens/", token, json={"name": "more"}).status_code == 403


async def test_what_is_no_token_at_all(cast: Cast) -> None:
    for token in ("x", "a.b.c", "parley_", "parley_" + "a" * 32, "." * 4000):
        assert await by_http(cast, token) == 401
        assert await by_socket(cast, Authorization=f"Bearer {token}") == 401


async def test_auth_with_the_token_of_somebody_else(cast: Cast) -> None:
    bob = await cast.client("bob").start()
    answer = await bob.ask("auth", token=cast.tokens["alice"])
    assert (answer["op"], answer["code"]) == ("error", "forbidden")
    assert (await bob.ask("auth", token="x"))["code"] == "bad_request"


async def test_a_token_in_the_url(cast: Cast) -> None:
    for name in ("token", "access_token", "auth", "bearer"):
        assert await by_socket(cast, f"?{name}={cast.tokens['bob']}") == 401
        assert ask(cast, "GET", f"/api/v1/me/?{name}={cast.tokens['bob']}").status_code == 401


# Sessions -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost:1", "", "http://127.0.0.1.evil.example"]
)
async def test_the_session_from_a_foreign_page(cast: Cast, origin: str) -> None:
    headers = {"Cookie": f"sessionid={cast.sessions['bob']}"} | ({"Origin": origin} if origin else {})
    assert await by_socket(cast, **headers) == 403


async def test_a_session_that_writes_without_its_csrf_token(cast: Cast) -> None:
    cookie = {"Cookie": f"sessionid={cast.sessions['bob']}; csrftoken={'a' * 32}"}
    for headers in (cookie, cookie | {"X-CSRFToken": "b" * 32}):
        answer = ask(cast, "PATCH", "/api/v1/me/", json={"name": "Mallory"}, headers=headers)
        assert answer.status_code == 403


async def test_a_guessed_session(cast: Cast) -> None:
    for key in ("a" * 32, "' OR 1=1 --", "../../secret-key"):
        assert ask(cast, "GET", "/api/v1/me/", headers={"Cookie": f"sessionid={key}"}).status_code == 401
        assert await by_socket(cast, Cookie=f"sessionid={key}") in (401, 403)


# What is others' ------------------------------------------------------------------------------------


async def test_guessed_ids_look_like_those_that_do_not_exist(cast: Cast) -> None:
    room = cast.room()
    for path in ("rooms/{}/", "rooms/{}/messages/", "rooms/{}/members/", "rooms/{}/events/?wait=0"):
        theirs, none = (
            ask(cast, "GET", f"/api/v1/{path.format(each)}", cast.tokens["mallory"]) for each in (room, NOTHING)
        )
        assert (theirs.status_code, theirs.json()) == (none.status_code, none.json()) and none.status_code == 404


async def test_every_path_of_the_api_with_ids_of_others(cast: Cast) -> None:
    """IDOR: each operation of the document, with Bob's and Alice's ids, asked for by Mallory."""
    room = cast.room()
    alice, bob = await cast.client("alice").start(), cast.tokens["bob"]
    message = (await alice.post(room, "not for Mallory"))["message"]
    token = ask(cast, "POST", "/api/v1/tokens/", bob, json={"name": "his"}).json()["id"]
    login = next(each["id"] for each in ask(cast, "GET", "/api/v1/logins/", bob).json()["results"])
    hook = ask(cast, "POST", f"/api/v1/rooms/{room}/incoming-hooks/", cast.tokens["alice"], json={"name": "x"}).json()
    ids = {
        "room_id": room,
        "message_id": message,
        "user_id": cast.ids["bob"],
        "token_id": token,
        "login_id": login,
        "hook_id": hook["id"],
    }
    document = ask(cast, "GET", "/api/schema/").json()
    tried = 0
    for path, operations in document["paths"].items():
        if "{" not in path or path == "/api/v1/users/{user_id}/":  # whom everybody may look up
            continue
        for method, operation in operations.items():
            kind = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
            body = None
            if kind:
                body = document["components"]["schemas"][kind["$ref"].rpartition("/")[2]]["examples"][0]
            answer = ask(cast, method.upper(), path.format(**ids), cast.tokens["mallory"], json=body)
            assert answer.status_code in (403, 404), f"{method} {path}: {answer.status_code} {answer.text}"
            assert "not for Mallory" not in answer.text
            tried += 1
    assert tried >= 20
    assert (await alice.post(room, "all is well"))["op"] == "ok"


async def test_commands_on_the_socket_with_ids_of_others(cast: Cast) -> None:
    room = cast.room()
    alice, mallory = await cast.client("alice").start(), await cast.client("mallory").start()
    message = (await alice.post(room, "mine"))["message"]
    answers = [
        await mallory.post(room, "let me in"),
        await mallory.ask("edit", message=message, body="yours"),
        await mallory.ask("delete", message=message),
        await mallory.ask("read", room=room, seq=1),
        await mallory.ask("typing", room=room),
        await mallory.ask("join", room=room),
        await mallory.ask("leave", room=room),
    ]
    assert {(answer["op"], answer["code"]) for answer in answers} == {("error", "not_found")}


async def test_cursors_of_streams_of_others(cast: Cast) -> None:
    room = cast.room()
    alice = await cast.client("alice").start()
    await alice.post(room, "not for Mallory")
    mallory = await cast.client("mallory").connect()
    cursors = {f"room:{room}": 0, f"user:{cast.ids['alice']}": 0, f"room:{NOTHING}": 0}
    ready = await mallory.ask("resume", epoch=mallory.hello["epoch"], cursors=cursors)
    assert not cursors.keys() & ready["streams"].keys()
    assert not [frame for frame in mallory.frames if frame.get("stream") in cursors]


async def test_a_message_of_somebody_else_in_the_same_room(cast: Cast) -> None:
    room = cast.room()
    alice, bob = await cast.client("alice").start(), await cast.client("bob").start()
    message = (await alice.post(room, "mine"))["message"]
    assert (await bob.ask("edit", message=message, body="his"))["code"] == "forbidden"
    assert (await bob.ask("delete", message=message))["code"] == "forbidden"


async def test_a_guessed_webhook(cast: Cast) -> None:
    for guess in ("a" * 32, "x", "%2e%2e", "%00"):
        assert ask(cast, "POST", f"/hooks/{guess}", json={"text": "hi"}).status_code == 404


async def test_rights_that_one_gives_oneself(cast: Cast) -> None:
    room = cast.room()
    bob = cast.tokens["bob"]
    own = f"/api/v1/rooms/{room}/members/{cast.ids['bob']}/"
    assert ask(cast, "PATCH", own, bob, json={"role": "owner"}).status_code == 403
    for field in ("is_staff", "is_superuser", "is_bot", "id"):
        assert ask(cast, "PATCH", "/api/v1/me/", bob, json={field: True}).status_code == 400
    fields = {"username": "extra", "password": PASSWORD}
    assert ask(cast, "POST", "/api/v1/users/", bob, json=fields).status_code == 403
    assert ask(cast, "POST", "/api/v1/bots/", bob, json={"username": "mine"}).status_code == 403


async def test_the_admin_of_operators(cast: Cast) -> None:
    for headers in ({}, {"Cookie": f"sessionid={cast.sessions['bob']}"}):
        answer = ask(cast, "GET", "/admin/chat/user/", headers=headers)
        assert answer.status_code in (302, 403) and "bob" not in answer.text


async def test_metrics_from_elsewhere(cast: Cast) -> None:
    for headers in ({"X-Forwarded-For": "192.0.2.1"}, {"Forwarded": "for=192.0.2.1"}):
        assert ask(cast, "GET", "/metrics", headers=headers).status_code == 404


# The page -------------------------------------------------------------------------------------------


def test_the_page_has_a_row_for_each_of_these() -> None:
    source = Path(__file__).read_text()
    names = set(re.findall(r"^async def test_(\w+)", source, re.MULTILINE)) - {"the_tools_themselves_open_the_door"}
    rows = re.findall(r"^\| `(\w+)` \|", SECURITY.read_text(), re.MULTILINE)
    assert sorted(rows) == sorted(names)
