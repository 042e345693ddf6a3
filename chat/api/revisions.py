"""What a message said before it was edited."""

from collections.abc import Sequence

import msgspec
from rest_framework.request import Request
from rest_framework.response import Response

from chat.api.base import View
from chat.api.describing import CURSOR, describe, pages_of
from chat.api.paging import page
from chat.models import MessageRevision
from chat.operations import revisions
from chat.operations.wire import user_data
from chat.protocol.events import UserData
from chat.protocol.values import format_time


class RevisionData(msgspec.Struct, frozen=True):
    """The words that `editor` gave the message at `at`."""

    body: str
    html: str
    at: str
    editor: UserData


class Revisions(View):
    """The words of an edited message, the newest first; none of one that was never edited.

    For its author and those who moderate its room; for others there is nothing here.
    """

    @describe("list_revisions", gives=pages_of(RevisionData), query=CURSOR)
    def get(self, request: Request, message_id: int) -> Response:
        message = revisions.message_with_history(self.me, message_id)
        rows = MessageRevision.objects.filter(message=message).select_related("editor")
        return page(request, rows, "-pk", _data)


def _data(found: Sequence[MessageRevision]) -> list[RevisionData]:
    return [RevisionData(row.body, row.html, format_time(row.at), user_data(row.editor)) for row in found]
