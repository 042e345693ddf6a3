"""`/metrics`: what this node counts, in the format of Prometheus."""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable by which prometheus_client knows that several processes count together."""


@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """For this machine itself, and for whoever brings METRICS_TOKEN as a bearer token; for nobody else is it there."""
    if not is_local(request) and not has_token(request):
        raise Http404
    return HttpResponse(generate_latest(registry()), content_type=CONTENT_TYPE_LATEST)


def registry() -> CollectorRegistry:
    """What this process counts; of several workers, what all do, and what those that live measure."""
    folder = os.environ.get(METRICS_FOLDER)
    if not folder:
        return REGISTRY
    for path in Path(folder).glob("gauge_live*_*.db"):
        pid = path.stem.rpartition("_")[2]
        if not Path("/proc", pid).exists():
            mark_process_dead(int(pid))
    together = CollectorRegistry()
    MultiProcessCollector(together)
    return together


def is_local(request: HttpRequest) -> bool:
    """Whether it comes from this machine, and not from elsewhere through a proxy on it."""
    address = request.META.get("REMOTE_ADDR") or ""
    try:
        here = ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
    return here and not any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP"))


def has_token(request: HttpRequest) -> bool:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    wanted: str = settings.METRICS_TOKEN
    return bool(wanted) and scheme.lower() == "bearer" and constant_time_compare(token.strip(), wanted)
