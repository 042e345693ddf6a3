"""Days as they are written in a search, in the time zone of whoever looks."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from django.utils import timezone

from chat.protocol.errors import BadRequest

_DATE: Final = re.compile(r"(\d{4})(?:-(\d\d?)(?:-(\d\d?))?)?", re.ASCII)
_YEARS: Final = range(1970, 2200)


class Period(NamedTuple):
    """From `start` until before `end`."""

    start: datetime
    end: datetime


def period(text: str, field: str) -> Period:
    """A year, month or day (`2026`, `2026-03`, `2026-03-09`), `today`, `yesterday`, or a moment as in RFC 3339.

    Raises BadRequest, which names `field`.
    """
    try:
        found = _period(text.strip().upper())
    except (ValueError, OverflowError):
        found = None
    if found is None or found.start.astimezone(UTC).year not in _YEARS:
        raise BadRequest(f"{field} takes a day such as 2026-03-09, a month or a year", field=field)
    return found


def _period(text: str) -> Period | None:
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    if text in ("TODAY", "YESTERDAY"):
        start = today - timedelta(days=text == "YESTERDAY")
        return Period(timezone.make_aware(start), timezone.make_aware(start + timedelta(days=1)))
    if match := _DATE.fullmatch(text):
        year, month, day = (None if part is None else int(part) for part in match.groups())
        assert year is not None
        start = datetime(year, month or 1, day or 1)
        if day is not None:
            end = start + timedelta(days=1)
        elif month is not None:
            end = (start + timedelta(days=31)).replace(day=1)
        else:
            end = datetime(year + 1, 1, 1)
        return Period(timezone.make_aware(start), timezone.make_aware(end))
    moment = datetime.fromisoformat(text)
    return None if moment.tzinfo is None else Period(moment, moment + timedelta(microseconds=1))
