"""Operations that refuse."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from chat.protocol.errors import Refused
from tests.support.snapshot import Snapshot

ANY: Any = object()


@contextmanager
def refused(kind: type[Refused], field: str | None = ANY) -> Iterator[None]:
    """The block raises exactly this refusal, blaming `field`, and nothing that clients know has changed."""
    before = Snapshot.take()
    with pytest.raises(kind) as caught:
        yield
    assert caught.type is kind
    assert caught.value.detail
    if field is not ANY:
        assert caught.value.field == field
    assert vars(before) == vars(Snapshot.take())
