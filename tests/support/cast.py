"""The cast on a real server: Alice owns, Bob belongs, Mallory does not. Made by operations, in a process beside it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field

from tests.support.client import Client
from tests.support.server import Parley
from tests.support.stores import ROOT

PASSWORD = "a long enough word"


@dataclass
class Cast:
    """People by name, with an access token each; private rooms of Alice and Bob, each for one test."""

    url: str
    ids: dict[str, str]
    tokens: dict[str, str]
    rooms: list[str]
    lobby: str
    clients: list[Client] = field(default_factory=list)

    def client(self, name: str) -> Client:
        client = Client(self.url, self.tokens[name])
        self.clients.append(client)
        return client

    def room(self) -> str:
        """A room that no other test has used: Alice owns it, Bob is a member."""
        return self.rooms.pop()

    async def leave(self) -> None:
        """Closes what the test left open."""
        for client in self.clients:
            await client.close()
        self.clients.clear()


def assemble(parley: Parley, *people: str, rooms: int = 1, kind: str = "private") -> Cast:
    """Sets an empty Parley up. `people` come beside Alice, Bob and Mallory, and are in every room too."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.cast", str(rooms), kind, *people],
        cwd=ROOT,
        env=parley.env,
        stdout=subprocess.PIPE,
        check=True,
    )
    made = json.loads(done.stdout)
    return Cast(url=parley.ws_url, **made)


def main(rooms: int, kind: str, *people: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    import django

    django.setup()
    from rest_framework_simplejwt.tokens import RefreshToken

    from chat.models import Workspace
    from chat.operations.logins import start_login
    from chat.operations.people import create_user
    from chat.operations.rooms import create_room
    from chat.operations.workspace import set_up

    alice = set_up(workspace_name="Acme", username="alice", password=PASSWORD, name="Alice")
    everybody = {"alice": alice}
    for name in ("bob", "mallory", *people):
        everybody[name] = create_user(actor=None, username=name, password=None, name=name.title())
    inside = [user.pk for name, user in everybody.items() if name != "mallory"]
    made = [create_room(actor=alice, name=f"Room {number}", kind=kind, members=inside) for number in range(rooms)]
    tokens = {}
    for name, user in everybody.items():
        token = RefreshToken()
        token["user_id"] = str(user.pk)
        token["login"] = str(start_login(user=user, kind="token").pk)
        tokens[name] = str(token.access_token)
    lobby = Workspace.current().lobby
    assert lobby is not None
    print(
        json.dumps(
            {
                "ids": {name: str(user.pk) for name, user in everybody.items()},
                "tokens": tokens,
                "rooms": [str(room.pk) for room in made],
                "lobby": str(lobby.pk),
            }
        )
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
