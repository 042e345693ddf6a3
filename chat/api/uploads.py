"""Files: taken in, and given to those who may see the message that they were sent with."""

import uuid
from typing import Any, Final

from django.core.files.base import File
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.request import Request
from rest_framework.response import Response

from chat.api import serving
from chat.api.base import View, nothing
from chat.api.describing import describe
from chat.operations.files import uploads
from chat.operations.files.wire import attachment_data
from chat.protocol.errors import BadRequest, NotFound
from chat.protocol.events import AttachmentData
from chat.streams import writer

FORM: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["file"],
    "additionalProperties": False,
    "properties": {
        "file": {"type": "string", "format": "binary"},
        "id": {"type": "string", "format": "uuid", "description": "The client's; the same when it tries again."},
    },
}


class Uploads(View):
    """A file to be sent with a message: its id goes into `attachments` of a post, within a day."""

    @describe("upload_file", form=FORM, gives=AttachmentData, status=(200, 201))
    def post(self, request: Request) -> Response:
        """One file, as `multipart/form-data`. A repeat of the `id` gives the first answer again, as 200."""
        client_id, file = self._form()
        upload, known = uploads.take_in(owner=self.me, client_id=client_id, file=file)
        return Response(attachment_data(upload), status=200 if known else 201)

    def _form(self) -> tuple[uuid.UUID, File]:
        request = self.plain_request
        if request.content_type != "multipart/form-data":
            raise UnsupportedMediaType(request.content_type or "nothing", "send the file as multipart/form-data")
        unknown = next((name for name in [*request.POST, *request.FILES] if name not in FORM["properties"]), None)
        if unknown is not None:
            raise BadRequest(f"there is no field {unknown[:40]!r}", field=unknown[:40])
        files: list[Any] = request.FILES.getlist("file")
        if len(files) != 1:
            raise BadRequest("file is missing" if not files else "file is one file", field="file")
        return _client_id(request.POST.get("id")), files[0]


def _client_id(text: str | None) -> uuid.UUID:
    try:
        return uuid.uuid4() if text is None else uuid.UUID(text)
    except ValueError:
        raise BadRequest("id is a UUID that the client makes", field="id") from None


class OneUpload(View):
    @describe("discard_file", status=204)
    def delete(self, request: Request, upload_id: uuid.UUID) -> HttpResponse:
        """Removes what one has uploaded and not sent."""
        writer.perform(uploads.discard, actor=self.me, upload_id=upload_id)
        return nothing()


class Content(View):
    """Images, PDFs, sounds and films are shown in place, everything else is saved. `Range` is understood."""

    @describe("get_file", media="application/octet-stream", refusals=(409,))
    def get(self, request: Request, upload_id: uuid.UUID, name: str) -> HttpResponseBase:
        upload = uploads.upload_of(self.me, upload_id)
        if name != upload.name:
            raise NotFound("there is no such file")
        return serving.file(self.plain_request, upload)


class Thumbnail(View):
    @describe("get_thumbnail", media="image/webp")
    def get(self, request: Request, upload_id: uuid.UUID) -> HttpResponseBase:
        """A smaller image of an image, or the first page of a PDF."""
        upload = uploads.upload_of(self.me, upload_id)
        if not upload.thumbnail_key:
            raise NotFound("there is no such file")
        return serving.webp(self.plain_request, upload.thumbnail_key)
