"""Cards of links: their images, and taking them off a message."""

import uuid

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from chat.api import serving
from chat.api.base import View, nothing
from chat.api.describing import describe
from chat.models import LinkPreview
from chat.operations.previews.showing import drop_previews
from chat.protocol.errors import NotFound
from chat.streams import writer


class Previews(View):
    @describe("drop_previews", status=204, refusals=(409,))
    def delete(self, request: Request, message_id: int) -> HttpResponse:
        """For who wrote the message and who moderates its room: for good, also of what is still being fetched."""
        writer.perform(drop_previews, actor=self.me, message_id=message_id)
        return nothing()


class PreviewImage(View):
    @describe("get_preview_image", media="image/webp")
    def get(self, request: Request, preview_id: uuid.UUID) -> HttpResponseBase:
        """The image of a card, for those in a room where a message shows it."""
        key = LinkPreview.objects.visible_to(self.me).filter(pk=preview_id).values_list("image", flat=True).first()
        if not key:
            raise NotFound("there is no such image")
        return serving.webp(self.plain_request, key)
