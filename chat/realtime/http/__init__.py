"""The socket's protocol over plain HTTP, for clients that no socket reaches: docs/protocol.md says how it looks."""
