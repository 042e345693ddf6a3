"""Web Push: notifications for browsers in which no page of ours is open (RFC 8030, 8291, 8292)."""
