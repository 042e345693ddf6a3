"""What can happen: every write, with its permission, its transaction and its event.

Operations are synchronous, take keyword arguments, return what they made and raise `chat.protocol.errors.Refused`.
`actor=None` is the operator (admin, commands), who may do everything. Within a server call them by
`chat.streams.writer.perform`; `posting.post_message` and `membership.mark_read` find the writer themselves.
"""
