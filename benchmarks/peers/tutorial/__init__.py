"""The chat of the Channels tutorial (parts 2 and 3): a channel-layer group for the room, a member of it per socket.

It differs where the benchmark asks for it: JSON is written without spaces, so that a message leaves as it came, and
origin and session, which cost at the handshake alone, are not looked at.
"""
