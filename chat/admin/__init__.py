"""The admin: Django's, where every write is an operation.

Nothing here is deleted: people are disabled, rooms archived, invitations and logins ended; what was said stays.
"""

from chat.admin import audit, events, invitations, logins, messages, rooms, tasks, users, workspace
from chat.admin.site import site

__all__ = ["audit", "events", "invitations", "logins", "messages", "rooms", "site", "tasks", "users", "workspace"]
