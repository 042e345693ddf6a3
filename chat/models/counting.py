"""Counts beside rows, each from an index alone."""

from typing import Any

from django.db.models import Count, QuerySet, Subquery
from django.db.models.functions import Coalesce


def counted(rows: "QuerySet[Any]", by: str) -> Coalesce:
    """How many `rows` there are, which all have the same `by`: to annotate with, 0 for none."""
    counts = rows.order_by().values(by).annotate(count=Count("*")).values("count")
    return Coalesce(Subquery(counts), 0)
