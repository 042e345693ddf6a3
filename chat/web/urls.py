"""The addresses of the pages."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from chat.web import (
    browse,
    devices,
    direct,
    door,
    followed,
    history,
    incoming,
    installing,
    invitations,
    kept,
    logins,
    mail_stop,
    moderation,
    notifications,
    outgoing,
    passwords,
    profile,
    room,
    room_settings,
    search,
    set_up,
    tokens,
    workspace,
)


class Name(StringConverter):
    """A part of a path that a database can look for: PostgreSQL takes no NUL."""

    regex = r"[^/\x00]+"


register_converter(Name, "name")

urlpatterns = [
    path("", room.home, name="home"),
    path("setup/", set_up.set_up, name="set-up"),
    path("sign-in/", door.sign_in, name="sign-in"),
    path("manifest.webmanifest", installing.manifest, name="manifest"),
    path("service-worker.js", installing.service_worker, name="service-worker"),
    path("offline/", installing.offline, name="offline"),
    path("sign-out/", door.sign_out, name="sign-out"),
    path("sign-up/", door.sign_up, name="sign-up"),
    path("invite/<str:token>/", door.accept_invitation, name="invitation"),
    path("password/change/", passwords.change, name="password-change"),
    path("password/reset/", passwords.reset, name="password-reset"),
    path("password/reset/sent/", passwords.reset_sent, name="password-reset-sent"),
    path("password/reset/<uidb64>/<token>/", passwords.reset_confirm, name="password-reset-confirm"),
    path("rooms/", browse.rooms, name="rooms"),
    path("rooms/new/", browse.create, name="room-new"),
    path("rooms/<name:slug>/", room.room, name="room"),
    path("rooms/<name:slug>/<id:message_id>/", room.room, name="message"),
    path("rooms/<name:slug>/<id:message_id>/thread/", room.thread, name="thread"),
    path("rooms/<name:slug>/<id:message_id>/history/", history.in_room, name="message-history"),
    path("rooms/<name:slug>/join/", room.join, name="room-join"),
    path("rooms/<name:slug>/leave/", room.leave, name="room-leave"),
    path("rooms/<name:slug>/settings/", room_settings.room_settings, name="room-settings"),
    path("rooms/<name:slug>/reports/", moderation.reports, name="reports"),
    path("rooms/<name:slug>/log/", moderation.log, name="room-log"),
    path("rooms/<name:slug>/incoming/", incoming.hooks, name="incoming-hooks"),
    path("rooms/<name:slug>/incoming/<id:hook_id>/revoke/", incoming.revoke, name="incoming-hook-revoke"),
    path("rooms/<name:slug>/hooks/", outgoing.hooks, name="outgoing-hooks"),
    path("rooms/<name:slug>/hooks/<id:hook_id>/", outgoing.hook, name="outgoing-hook"),
    path("rooms/<name:slug>/hooks/<id:hook_id>/change/", outgoing.change, name="outgoing-hook-change"),
    path("people/", direct.people, name="people"),
    path("people/<name:username>/", direct.person, name="person"),
    path("people/<name:username>/<id:message_id>/", direct.person, name="direct-message"),
    path("people/<name:username>/<id:message_id>/thread/", direct.thread, name="direct-thread"),
    path("rooms/<name:slug>/pins/", kept.pins, name="pins"),
    path("people/<name:username>/pins/", kept.direct_pins, name="direct-pins"),
    path("kept/", kept.bookmarks, name="bookmarks"),
    path("search/", search.page, name="search"),
    path("notifications/", notifications.notifications, name="notifications"),
    path("rooms/<name:slug>/level/", notifications.room_level, name="room-level"),
    path("people/<name:username>/level/", notifications.direct_level, name="direct-level"),
    path("profile/notifications/", notifications.choose, name="notify-settings"),
    path("profile/devices/<uuid:device_id>/", devices.change, name="device"),
    path("mail/stop/<str:token>/", mail_stop.stop, name="mail-stop"),
    path("threads/", followed.threads, name="threads"),
    path("people/<name:username>/<id:message_id>/history/", history.in_direct, name="direct-message-history"),
    path("invitations/", invitations.invitations, name="invitations"),
    path("invitations/<id:invitation_id>/revoke/", invitations.revoke, name="invitation-revoke"),
    path("workspace/", workspace.settings, name="workspace"),
    path("workspace/bots/", tokens.bots, name="bots"),
    path("workspace/bots/<id:user_id>/", tokens.bot, name="bot"),
    path("workspace/bots/<id:user_id>/disable/", tokens.disable, name="bot-disable"),
    path("profile/", profile.profile, name="profile"),
    path("profile/theme/", profile.set_theme, name="theme"),
    path("profile/logins/<uuid:login_id>/end/", logins.end, name="login-end"),
    path("profile/tokens/", tokens.tokens, name="tokens"),
    path("tokens/<uuid:token_id>/revoke/", tokens.revoke, name="token-revoke"),
]
