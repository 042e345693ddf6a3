"""Addresses of rooms and people. To reverse a pattern takes longer than to look it up, and a page has a hundred."""

from functools import cache, lru_cache

from django.urls import reverse


@lru_cache(4096)
def of_room(slug: str) -> str:
    return reverse("room", args=[slug])


@lru_cache(4096)
def of_settings(slug: str) -> str:
    return reverse("room-settings", args=[slug])


@lru_cache(4096)
def of_person(username: str) -> str:
    return reverse("person", args=[username])


@cache
def of_page(name: str) -> str:
    """By the name of a pattern that takes nothing."""
    return reverse(name)
