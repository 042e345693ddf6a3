"""One example of each body and answer, by the name of its struct. A test reads each by the struct itself."""

from collections.abc import Mapping
from typing import Any, Final

from chat.protocol.examples import ATTACHMENT, MESSAGE, NOTIFICATION, ROOM
from chat.protocol.examples import EXAMPLES as SOCKET

_AT: Final = "2026-11-22T17:00:00.123Z"
_LOGIN: Final = "5b1d7c0e-6d0c-4c39-9b1f-1f6a3d1f0c11"
_CLIENT: Final = "0e4e2f3a-7a0b-4d64-8a3e-3f1f0a9c5d21"
_USER: Final = {"id": "3", "username": "ada", "name": "Ada L.", "is_bot": False, "hue": 4}
_BOT: Final = {"id": "9", "username": "deploy", "name": "Deploy", "is_bot": True, "hue": 7}
_TOKEN: Final = {
    "id": _LOGIN,
    "name": "nightly build",
    "scopes": ["read", "write"],
    "created_at": _AT,
    "expires_at": None,
    "last_used_at": _AT,
}
_HOOK: Final = {
    "id": "4",
    "name": "Nightly build",
    "room": "12",
    "bot": _BOT,
    "created_by": _USER,
    "created_at": _AT,
    "last_used_at": None,
}
_OUTGOING: Final = {
    "id": "6",
    "room": "12",
    "url": "https://example.org/parley",
    "events": ["message.posted"],
    "cursor": 842,
    "created_by": _USER,
    "created_at": _AT,
    "failing_since": None,
    "retry_at": None,
    "disabled_at": None,
    "disabled_why": "",
}
_DELIVERY: Final = {
    "seq": 842,
    "type": "message.posted",
    "at": _AT,
    "milliseconds": 84,
    "status": 204,
    "error": "",
}
_LOGIN_DATA: Final = {"id": _LOGIN, "kind": "session", "user_agent": "Firefox", "created_at": _AT, "current": True}
_THREAD: Final = {"root": MESSAGE, "following": True, "seq": 850, "read_seq": 848, "unread": 1, "mentions": 0}
_HIT: Final = {
    "message": MESSAGE,
    "excerpt": [{"text": "the ", "hit": False}, {"text": "night", "hit": True}, {"text": " run", "hit": False}],
}
_MEMBER: Final = {"user": _USER, "role": "owner", "muted_until": None}
_REPORT: Final = {
    "id": "2",
    "message": "5521",
    "room": "12",
    "reporter": _USER,
    "reason": "This is an advertisement.",
    "body": "Cheap watches!",
    "created_at": _AT,
    "closed_at": None,
}
_BAN: Final = {"user": _BOT, "by": _USER, "reason": "Sells watches.", "at": _AT}
_AUDIT: Final = {
    "id": "31",
    "at": _AT,
    "act": "member.muted",
    "actor": _USER,
    "user": _BOT,
    "message": None,
    "details": {"seconds": 3600},
}
# Of RFC 8291, section 5.
_POINT: Final = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
_SENDER: Final = "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"
_DEVICE: Final = {
    "id": _LOGIN,
    "name": "Firefox on Android",
    "hides_words": False,
    "created_at": _AT,
    "pushed_at": None,
    "current": True,
}
_ENDS: Final = {"next": None, "previous": None}

EXAMPLES: Final[Mapping[str, Any]] = {
    # What is sent.
    "SignInBody": {"username": "ada", "password": "correct horse battery staple"},
    "RefreshBody": {"refresh": "eyJhbGciOiJIUzI1NiIsImtpZCI6Ij…"},
    "ProfileBody": {"name": "Ada L.", "time_zone": "Europe/London"},
    "UserBody": {"username": "grace", "password": "correct horse battery staple", "name": "Grace H."},
    "NewRoomBody": {"name": "Design", "kind": "private", "members": ["3", "8"]},
    "RoomBody": {"topic": "What it looks like"},
    "ReadBody": {"seq": 842},
    "NewMemberBody": {"user": "8", "role": "member"},
    "RoleBody": {"role": "moderator"},
    "PostBody": {"id": _CLIENT, "body": "**hi**"},
    "FollowBody": {"following": True},
    "EditBody": {"body": "**hi** there"},
    "NewTokenBody": {"name": "nightly build", "scopes": ["read", "write"], "days": 90},
    "NewOutgoingHookBody": {"url": "https://example.org/parley", "events": ["message.posted"]},
    "OutgoingHookBody": {"enabled": True},
    "RedeliverBody": {"seq": 840},
    "NewHookBody": {"name": "Nightly build"},
    "ResumeBody": {"epoch": "5c2f6d0c4c399b1f1f6a3d1f0c115b1d", "cursors": {"room:12": 840, "user:3": 99}},
    "PollBody": {"epoch": "5c2f6d0c4c399b1f1f6a3d1f0c115b1d", "cursors": {"room:12": 840, "user:3": 99}, "wait": 25},
    "NewBotBody": {"username": "deploy", "name": "Deploy"},
    # What is answered.
    "PairData": {"access": "eyJhbGciOiJIUzI1NiIsImtpZCI6Ij…", "refresh": "eyJhbGciOiJIUzI1NiIsImtpZCI6Ij…"},
    "MeData": _USER | {"email": "ada@example.org", "time_zone": "", "is_staff": True, "is_superuser": True},
    "UserData": _USER,
    "UserPage": {"results": [_USER, _BOT], **_ENDS},
    "RoomAnswer": ROOM,
    "RoomAnswerPage": {"results": [ROOM], **_ENDS},
    "MuteBody": {"seconds": 3600},
    "BanBody": {"reason": "Sells watches."},
    "BanData": _BAN,
    "BanPage": {"results": [_BAN], **_ENDS},
    "ReportBody": {"reason": "This is an advertisement."},
    "ReportPage": {"results": [_REPORT], **_ENDS},
    "AuditPage": {"results": [_AUDIT], **_ENDS},
    "MemberData": _MEMBER,
    "MemberPage": {"results": [_MEMBER], **_ENDS},
    "MessageData": MESSAGE,
    "AttachmentData": ATTACHMENT,
    "MessagePage": {"results": [MESSAGE], "as_of": 843, "has_before": True, "has_after": False},
    "RevisionPage": {
        "results": [
            {"body": "**hi** there", "html": "<p><strong>hi</strong> there</p>", "at": _AT, "editor": _USER},
            {"body": "**hi**", "html": "<p><strong>hi</strong></p>", "at": _AT, "editor": _USER},
        ],
        **_ENDS,
    },
    "ReactedList": {"results": [{"emoji": "🎉", "users": [_USER]}]},
    "ThreadData": _THREAD,
    "HitPage": {"results": [_HIT], **_ENDS},
    "MessageList": {"results": [MESSAGE]},
    "BookmarkPage": {"results": [{"message": MESSAGE, "created_at": _AT}], **_ENDS},
    "NotificationPage": {"results": [NOTIFICATION], **_ENDS},
    "ReadNotificationsBody": {"notifications": ["12884901987"]},
    "ReadData": {"read": 1},
    "NotifyBody": {"level": "mentions", "keywords": ["invoice"], "quiet_from": "22:00", "quiet_to": "07:00"},
    "NotifyData": {
        "level": "mentions",
        "keywords": ["invoice"],
        "paused_until": None,
        "quiet_from": "22:00",
        "quiet_to": "07:00",
        "mails": True,
        "digest": False,
    },
    "SubscribeBody": {
        "endpoint": "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV",
        "keys": {"p256dh": _POINT, "auth": "BTBZMqHH6r4Tts7J_aSIgg"},
        "application_key": _SENDER,
        "name": "Firefox on Android",
    },
    "DeviceBody": {"hides_words": True},
    "PushKeyData": {"application_key": _SENDER},
    "DeviceData": _DEVICE,
    "DeviceList": {"results": [_DEVICE]},
    "LevelBody": {"level": "all"},
    "LevelData": {"level": "all"},
    "ThreadPage": {"results": [_THREAD], **_ENDS},
    "EventPage": {"events": [SOCKET["event"]], "seq": 843, "reset": False},
    "LoginList": {"results": [_LOGIN_DATA]},
    "TokenData": _TOKEN,
    "TokenList": {"results": [_TOKEN]},
    "MadeToken": _TOKEN | {"token": "parley_kT0w7yXqz3mJr5bVnP2sLd8fHc1gEa4u"},
    "OutgoingHookData": _OUTGOING,
    "OutgoingHookList": {"results": [_OUTGOING]},
    "MadeOutgoingHook": _OUTGOING | {"secret": "kT0w7yXqz3mJr5bVnP2sLd8fHc1gEa4u"},
    "DeliveryData": _DELIVERY,
    "DeliveryList": {"results": [_DELIVERY]},
    "HookData": _HOOK,
    "HookList": {"results": [_HOOK]},
    "MadeHook": _HOOK | {"url": "https://chat.example.org/hooks/kT0w7yXqz3mJr5bVnP2sLd8fHc1gEa4u"},
    "FramesData": {"frames": [SOCKET["hello"], SOCKET["event"], SOCKET["ready"]]},
    "Problem": {"code": "bad_request", "detail": "name is missing", "fields": {"name": ["name is missing"]}},
}
