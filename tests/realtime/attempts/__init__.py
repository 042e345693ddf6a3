"""Attempts to get in, or at what is others', by HTTP and by the socket: the rows of docs/security.md."""
