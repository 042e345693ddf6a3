"""Values of JSON that may be of any type."""

from typing import Any


def first_text(*values: Any) -> str:
    """The first that says something, empty if none does."""
    return next((value.strip() for value in values if isinstance(value, str) and value.strip()), "")


def mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
