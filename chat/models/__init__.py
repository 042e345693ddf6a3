"""What is stored: fields, constraints, querysets, predicates."""

from chat.models.access import Invitation, Login, Workspace
from chat.models.bookmarks import Bookmark
from chat.models.imports import Imported
from chat.models.incoming import IncomingHook
from chat.models.messages import Mention, Message, message_id
from chat.models.moderation import AuditEntry, Report, RoomBan
from chat.models.notifications import Notification, NotifySettings
from chat.models.outgoing import Delivery, OutgoingHook
from chat.models.previews import LinkPreview, ShownPreview
from chat.models.push import PushDevice
from chat.models.revisions import MessageRevision
from chat.models.rooms import Membership, Room
from chat.models.search import SearchEntry
from chat.models.streams import Event, Stream
from chat.models.tasks import BackgroundTask
from chat.models.threads import ThreadFollower
from chat.models.uploads import Upload
from chat.models.users import User

__all__ = [
    "AuditEntry",
    "BackgroundTask",
    "Bookmark",
    "Delivery",
    "Event",
    "Imported",
    "IncomingHook",
    "Invitation",
    "LinkPreview",
    "Login",
    "Membership",
    "Mention",
    "Message",
    "MessageRevision",
    "Notification",
    "NotifySettings",
    "OutgoingHook",
    "PushDevice",
    "Report",
    "Room",
    "RoomBan",
    "SearchEntry",
    "ShownPreview",
    "Stream",
    "ThreadFollower",
    "Upload",
    "User",
    "Workspace",
    "message_id",
]
