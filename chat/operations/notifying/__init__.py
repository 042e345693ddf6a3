"""Notifications: what concerns one person, as an event of their stream, in the transaction of what caused it."""
