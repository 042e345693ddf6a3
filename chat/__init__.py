"""Parley itself: rooms in which nothing that was acknowledged is lost."""
