"""All addresses that HTTP answers."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from chat.admin import site
from chat.api import documents
from chat.api.health import healthz, readyz
from chat.api.incoming import hook
from project.errors import no_such_address, upgrade_required
from project.metrics import metrics

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", site.urls),
    path("api/v1/", include("chat.api.urls")),
    path("api/schema/", documents.schema, name="api-schema"),
    path("api/schema/socket/", documents.socket_schema, name="socket-schema"),
    path("api/docs/", documents.http_page, name="api-docs"),
    path("api/docs/socket/", documents.socket_page, name="socket-docs"),
    re_path(r"^api(?:/|$)", no_such_address),
    re_path(r"^hooks/(?P<secret>[^/\x00]{1,80})/?$", hook, name="hook"),
    path("ws/", upgrade_required),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("", include("chat.web.urls")),
]

handler400 = "project.errors.bad_request"
handler403 = "project.errors.permission_denied"
handler404 = "project.errors.not_found"
handler500 = "project.errors.server_error"
