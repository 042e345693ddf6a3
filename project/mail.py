"""How mail leaves: EMAIL_URL as Django's settings."""

import warnings
from typing import Any, Final

import dj_email_url

from project import env

EXAMPLES: Final = "smtp://host:25, submission://user:password@host or console:"
_SCHEMES: Final = ("smtp", "smtps", "submission", "submit", "console")
TIMEOUT_SECONDS: Final = 20


def mail() -> dict[str, Any]:
    """The EMAIL_… settings; without EMAIL_URL what would be sent is written to standard output."""
    held = env.text("EMAIL_URL", "console:")
    try:
        with warnings.catch_warnings(action="ignore"):
            found: dict[str, Any] = dj_email_url.parse(held)
    except ValueError:
        found = {}
    scheme = held.partition(":")[0].lower()
    if scheme not in _SCHEMES or "EMAIL_BACKEND" not in found or (scheme != "console" and not found["EMAIL_HOST"]):
        env.refuse("EMAIL_URL", env.PASSWORD_IN_URL.sub("…", held), EXAMPLES)
    # What a name leaves out has Django's default, and no server may hold up the queue for ever.
    return {name: value for name, value in found.items() if value is not None} | {"EMAIL_TIMEOUT": TIMEOUT_SECONDS}
