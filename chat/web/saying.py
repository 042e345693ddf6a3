"""What browsers say that run no script: a message with its files, as one form."""

import uuid
from contextlib import suppress

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from chat.models import User
from chat.operations import posting
from chat.operations.files import uploads
from chat.protocol.errors import BadRequest, Conflict, NotFound, Refused
from chat.protocol.limits import ATTACHMENTS
from chat.protocol.values import parse_id
from chat.streams.writer import perform
from chat.web import thread as threads
from chat.web.page import sentence
from chat.web.person import reader
from chat.web.room_page import show_room, show_thread
from chat.web.room_view import RoomView


def post(request: HttpRequest, view: RoomView, thread: int | None = None) -> HttpResponseBase:
    """Posts it; what is refused comes back with the reason, to be sent again."""
    user = reader(request)
    view.draft_id = _client_id(request)
    # Browsers send the line ends of HTML forms.
    view.draft = request.POST.get("body", "").replace("\r\n", "\n")
    attachments: list[uuid.UUID] = []
    try:
        _take_in(request, user, view.draft_id, attachments)
        posting.post_message(
            sender=user,
            room_id=view.face.id or 0,
            client_id=view.draft_id,
            body=view.draft,
            reply_to=parse_id(request.POST.get("reply_to", "")),
            thread=thread,
            attachments=tuple(attachments),
        )
    except Refused as refused:
        for upload_id in attachments:
            with suppress(NotFound):  # sent the time before
                perform(uploads.discard, actor=user, upload_id=upload_id)
        if isinstance(refused, Conflict):
            # Another page had this id, too: a browser that is told 304 shows the page that it has. Now it is another's.
            view.draft_id = uuid.uuid4()
        view.draft_error = sentence(refused) + (" Choose the files again." if attachments else "")
        if thread is None:
            return show_room(request, view)
        return show_thread(request, view, threads.read(user, view, thread))
    return redirect(view.face.url if thread is None else f"{view.face.url}{thread}/thread/")


def _client_id(request: HttpRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("id", ""))
    except ValueError:
        return uuid.uuid4()


def _take_in(request: HttpRequest, user: User, draft_id: uuid.UUID, into: list[uuid.UUID]) -> None:
    """Their ids follow from that of the message, so that what is sent twice is stored once. Raises Refused."""
    files = request.FILES.getlist("file")
    if len(files) > ATTACHMENTS:
        raise BadRequest(f"a message has at most {ATTACHMENTS} files", field="attachments")
    for number, file in enumerate(files):
        upload, _ = uploads.take_in(owner=user, client_id=uuid.uuid5(draft_id, str(number)), file=file)
        into.append(upload.pk)
