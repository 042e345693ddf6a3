"""The cast on a real server: Alice owns, Bob belongs, Mallory does not. Made by operations, in a process beside it."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field

import httpx

from tests.support import warm
from tests.support.client import Client
from tests.support.server import Parley

PASSWORD = "a long enough word"
BRIEF_SECONDS = 15


@dataclass
class Cast:
    """People by name, each with an access token, one that expires in `BRIEF_SECONDS`, and a browser session's key;
    private rooms of Alice and Bob, each for one test."""

    parley: Parley
    ids: dict[str, str]
    tokens: dict[str, str]
    rooms: list[str]
    lobby: str
    brief: dict[str, str]
    sessions: dict[str, str]
    clients: list[Client] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Of the socket."""
        return self.parley.ws_url

    def client(self, name: str, token: str | None = None) -> Client:
        client = Client(self.url, token or self.tokens[name])
        self.clients.append(client)
        return client

    def room(self) -> str:
        """A room that no other test has used: Alice owns it, Bob is a member."""
        return self.rooms.pop()

    def new_room(self, *names: str) -> str:
        """A private room that Alice makes now, with these people in it."""
        fields = {"name": "Made now", "kind": "private", "members": [self.ids[name] for name in names]}
        headers = {"Authorization": f"Bearer {self.tokens['alice']}"}
        made = httpx.post(f"{self.parley.url}/api/v1/rooms/", json=fields, headers=headers)
        return str(made.raise_for_status().json()["id"])

    async def leave(self) -> None:
        """Closes what the test left open."""
        for client in self.clients:
            await client.close()
        self.clients.clear()


def assemble(parley: Parley, *people: str, rooms: int = 1, kind: str = "private") -> Cast:
    """Sets an empty Parley up. `people` come beside Alice, Bob and Mallory, and are in every room too."""
    made = json.loads(warm.run([str(rooms), kind, *people], parley.env))
    return Cast(parley=parley, **made)


def main(rooms: int, kind: str, *people: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    import django

    django.setup()
    from datetime import timedelta

    from django.contrib.auth import login
    from django.contrib.sessions.backends.db import SessionStore
    from django.http import HttpRequest

    from chat.models import Workspace
    from chat.operations.logins import start_login
    from chat.operations.people import create_user
    from chat.operations.rooms import create_room
    from chat.operations.tokens import issue_many
    from chat.operations.workspace import set_up

    alice = set_up(workspace_name="Acme", username="alice", password=PASSWORD, name="Alice")
    everybody = {"alice": alice}
    for name in ("bob", "mallory", *people):
        everybody[name] = create_user(actor=None, username=name, password=None, name=name.title())
    inside = [user.pk for name, user in everybody.items() if name != "mallory"]
    made = [create_room(actor=alice, name=f"Room {number}", kind=kind, members=inside) for number in range(rooms)]
    tokens, brief, sessions = {}, {}, {}
    for name, user in everybody.items():
        # Longer than a run of the tests takes.
        tokens[name] = issue_many(users=[user], lifetime=timedelta(hours=2))[0].access
        brief[name] = issue_many(users=[user], lifetime=timedelta(seconds=BRIEF_SECONDS))[0].access
        request = HttpRequest()
        request.session = SessionStore()
        login(request, user, "django.contrib.auth.backends.ModelBackend")
        key = request.session.session_key
        request.session["login"] = str(start_login(user=user, kind="session", session_key=key).pk)
        request.session.save()
        sessions[name] = key
    lobby = Workspace.current().lobby
    assert lobby is not None
    print(
        json.dumps(
            {
                "ids": {name: str(user.pk) for name, user in everybody.items()},
                "tokens": tokens,
                "rooms": [str(room.pk) for room in made],
                "lobby": str(lobby.pk),
                "brief": brief,
                "sessions": sessions,
            }
        )
    )
