"""Who reacted to a message, and how."""

import msgspec
from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from chat.api.base import View, nothing
from chat.api.describing import describe, list_of
from chat.api.shapes import one_message
from chat.operations import checking, reactions
from chat.operations.wire import people_data
from chat.protocol.events import MessageData, UserData
from chat.streams import writer


class ReactedData(msgspec.Struct, frozen=True):
    """An emoji and who reacted with it, the first one first."""

    emoji: str
    users: list[UserData]


class Reactions(View):
    @describe("list_reactions", gives=list_of(ReactedData))
    def get(self, request: Request, message_id: int) -> Response:
        found = checking.message_of(self.me, message_id).reactions or []
        people = people_data({user for _, users in found for user in users})
        return Response({"results": [ReactedData(emoji, [people[user] for user in users]) for emoji, users in found]})


class OneReaction(View):
    """One's own. Both ways may be gone more than once."""

    @describe("add_reaction", gives=MessageData, refusals=(429,))
    def put(self, request: Request, message_id: int, emoji: str) -> Response:
        writer.perform(reactions.react, actor=self.me, message_id=message_id, emoji=emoji, on=True)
        return Response(one_message(message_id))

    @describe("remove_reaction", status=204)
    def delete(self, request: Request, message_id: int, emoji: str) -> HttpResponse:
        writer.perform(reactions.react, actor=self.me, message_id=message_id, emoji=emoji, on=False)
        return nothing()
