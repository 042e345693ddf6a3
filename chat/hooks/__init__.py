"""Sends what happens in rooms to the URLs of their outgoing webhooks."""
