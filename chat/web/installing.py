"""What makes an application of the pages: a manifest, and a service worker that stands before them."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from chat.models import Workspace


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """https://www.w3.org/TR/appmanifest/"""
    name = Workspace.current().name
    png = {"type": "image/png"}
    found: dict[str, Any] = {
        "id": "/",
        "name": name,
        "short_name": name[:12].strip(),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f6f4f1",
        "theme_color": "#f6f4f1",
        "icons": [
            {"src": static("img/favicon.svg"), "sizes": "any", "type": "image/svg+xml"},
            png | {"src": static("img/icon-192.png"), "sizes": "192x192"},
            png | {"src": static("img/icon-512.png"), "sizes": "512x512"},
            {
                "src": static("img/icon-maskable-512.png"),
                "sizes": "512x512",
                "type": "image/png",
                "purpose": "maskable",
            },
        ],
    }
    answer = JsonResponse(found, content_type="application/manifest+json")
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """At the root, so that it stands before all pages. Browsers look for a newer one by themselves."""
    answer = render(request, "app/service_worker.js", content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What the service worker shows of a page that it has not kept, when there is no server to ask."""
    return render(request, "app/offline.html")
