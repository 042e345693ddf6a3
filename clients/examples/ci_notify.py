"""Tells a room how a build ended: ci_notify.py ROOM STATUS TEXT…

PARLEY_URL and PARLEY_TOKEN (a personal access token with the scope `write`) come from the environment. Nothing but
the standard library; exits with 0 when the message is stored, else with 1 and a line that says why not.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request
import uuid

SIGNS = {"success": "✅", "failure": "❌", "cancelled": "⚪"}
TRIES = 8
LONGEST_PAUSE_SECONDS = 30.0


def post(room: str, body: str) -> None:
    """Returns when it is stored. All tries carry one id, so that it is there once, whichever of them arrived."""
    request = urllib.request.Request(
        f"{os.environ['PARLEY_URL'].rstrip('/')}/api/v1/rooms/{room}/messages/",
        data=json.dumps({"id": str(uuid.uuid4()), "body": body}).encode(),
        headers={"Authorization": f"Bearer {os.environ['PARLEY_TOKEN']}", "Content-Type": "application/json"},
    )
    for attempt in range(TRIES):
        try:
            with urllib.request.urlopen(request, timeout=20):
                return
        except urllib.error.HTTPError as error:
            with error:
                if error.code not in (429, 502, 503, 504):
                    sys.exit(f"refused: {error.code} {error.read(500).decode(errors='replace')}")
                pause = float(error.headers.get("Retry-After") or 2**attempt)
        except OSError:
            pause = 2**attempt
        time.sleep(min(pause, LONGEST_PAUSE_SECONDS))
    sys.exit("Parley did not answer")


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit("usage: ci_notify.py ROOM STATUS TEXT…")
    _, room, status, *words = sys.argv
    post(room, f"{SIGNS.get(status, '❔')} **{status}** {' '.join(words)}")
