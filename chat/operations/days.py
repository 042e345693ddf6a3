"""Where in a room's history a day begins."""

from datetime import datetime

from chat.models import Message


def first_since(room_id: int, at: datetime) -> int | None:
    """The id of the first message of the room itself that is not older than `at`; None when there is none.

    Times rise with numbers, so that a few looks by the key find it: no index over times has to be kept.
    """
    messages = Message.objects.in_room(room_id)
    last = messages.order_by("-seq").values_list("seq", flat=True).first()
    low, high = 0, last or 0
    while low < high:
        middle = (low + high) // 2
        seq, created_at = messages.filter(seq__gt=middle).order_by("seq").values_list("seq", "created_at")[0]
        if created_at < at:
            low = seq
        else:
            high = middle
    found = messages.in_timeline().filter(seq__gt=low, created_at__gte=at).order_by("seq")
    return found.values_list("pk", flat=True).first()
