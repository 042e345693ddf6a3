"""Settings of a server whose queries are counted, in the file that QUERY_COUNT names."""

import os
from pathlib import Path

from django.db.backends.signals import connection_created

from benchmarks.queries import QueryCount
from project.settings import *  # noqa: F403

# Held here, because a signal forgets receivers that nobody else knows.
query_count = QueryCount(Path(os.environ["QUERY_COUNT"]))
connection_created.connect(query_count.install)
