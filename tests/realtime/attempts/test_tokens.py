"""With tokens that were not given, not so, or no longer."""

from __future__ import annotations

import asyncio
import hmac
import json
import time
import uuid
import warnings
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from jwt.utils import base64url_encode

from tests.realtime.attempts.tools import (
    ask,
    by_http,
    by_socket,
    claims,
    forged,
    pair,
    refresh,
    secret,
    shut,
    signing_key,
)
from tests.support.cast import Cast
from tests.support.operate import operate


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
