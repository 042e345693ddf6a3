"""Words that open a door, shown on the page after they were made, and never again."""

from django.http import HttpRequest

SHOWN_ONCE = "shown_once"


def keep(request: HttpRequest, secret: str) -> None:
    """For the next page of this session."""
    request.session[SHOWN_ONCE] = secret


def taken(request: HttpRequest) -> str | None:
    """What was kept, if this page is the one to show it."""
    secret: str | None = request.session.pop(SHOWN_ONCE, None) if request.method == "GET" else None
    return secret
