"""The addresses below /api/v1/."""

from django.urls import path, register_converter

from chat.api import (
    access,
    carried,
    events,
    incoming,
    members,
    messages,
    outgoing,
    reactions,
    rooms,
    threads,
    tokens,
    users,
)
from chat.api.ids import IdConverter

register_converter(IdConverter, "id")

urlpatterns = [
    path("token/", tokens.Tokens.as_view(), name="api-token"),
    path("token/refresh/", tokens.Refresh.as_view(), name="api-token-refresh"),
    path("token/revoke/", tokens.Revoke.as_view(), name="api-token-revoke"),
    path("me/", users.Me.as_view(), name="api-me"),
    path("logins/", access.Logins.as_view(), name="api-logins"),
    path("logins/<uuid:login_id>/", access.OneLogin.as_view(), name="api-login"),
    path("tokens/", access.Tokens.as_view(), name="api-tokens"),
    path("tokens/<uuid:token_id>/", access.OneToken.as_view(), name="api-one-token"),
    path("bots/", access.Bots.as_view(), name="api-bots"),
    path("bots/<id:user_id>/", access.OneBot.as_view(), name="api-bot"),
    path("bots/<id:user_id>/tokens/", access.BotTokens.as_view(), name="api-bot-tokens"),
    path("users/", users.Users.as_view(), name="api-users"),
    path("users/<id:user_id>/", users.OneUser.as_view(), name="api-user"),
    path("rooms/", rooms.Rooms.as_view(), name="api-rooms"),
    path("rooms/<id:room_id>/", rooms.OneRoom.as_view(), name="api-room"),
    path("rooms/<id:room_id>/join/", rooms.Join.as_view(), name="api-room-join"),
    path("rooms/<id:room_id>/leave/", rooms.Leave.as_view(), name="api-room-leave"),
    path("rooms/<id:room_id>/read/", rooms.Read.as_view(), name="api-room-read"),
    path("rooms/<id:room_id>/members/", members.Members.as_view(), name="api-members"),
    path("rooms/<id:room_id>/members/<id:user_id>/", members.OneMember.as_view(), name="api-member"),
    path("rooms/<id:room_id>/incoming-hooks/", incoming.Hooks.as_view(), name="api-incoming-hooks"),
    path("rooms/<id:room_id>/incoming-hooks/<id:hook_id>/", incoming.OneHook.as_view(), name="api-incoming-hook"),
    path("rooms/<id:room_id>/hooks/", outgoing.OutgoingHooks.as_view(), name="api-hooks"),
    path("rooms/<id:room_id>/hooks/<id:hook_id>/", outgoing.OneOutgoingHook.as_view(), name="api-hook"),
    path("rooms/<id:room_id>/hooks/<id:hook_id>/deliveries/", outgoing.Deliveries.as_view(), name="api-deliveries"),
    path("rooms/<id:room_id>/hooks/<id:hook_id>/redeliver/", outgoing.Redeliver.as_view(), name="api-redeliver"),
    path("rooms/<id:room_id>/messages/", messages.Messages.as_view(), name="api-messages"),
    path("rooms/<id:room_id>/events/", events.events, name="api-events"),
    path("stream/", carried.Stream.as_view(), name="api-stream"),
    path("poll/", carried.Poll.as_view(), name="api-poll"),
    path("commands/", carried.Commands.as_view(), name="api-commands"),
    path("messages/<id:message_id>/", messages.OneMessage.as_view(), name="api-message"),
    path("messages/<id:message_id>/reactions/", reactions.Reactions.as_view(), name="api-reactions"),
    path("messages/<id:message_id>/reactions/<str:emoji>/", reactions.OneReaction.as_view(), name="api-reaction"),
    path("messages/<id:message_id>/thread/", threads.OneThread.as_view(), name="api-thread"),
    path("threads/", threads.Threads.as_view(), name="api-threads"),
]
