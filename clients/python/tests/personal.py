"""Personal access tokens of the cast."""

from __future__ import annotations

import httpx

from tests.support.cast import Cast


def personal_token(cast: Cast, name: str, *scopes: str) -> str:
    """A personal access token of this person, with all scopes when none is given."""
    fields = {"name": "script"} | ({"scopes": list(scopes)} if scopes else {})
    headers = {"Authorization": f"Bearer {cast.tokens[name]}"}
    answer = httpx.post(f"{cast.parley.url}/api/v1/tokens/", json=fields, headers=headers)
    return str(answer.raise_for_status().json()["token"])
