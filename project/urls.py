"""All addresses that HTTP answers."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from chat.admin import site

urlpatterns: list[URLPattern | URLResolver] = [path("admin/", site.urls)]
if find_spec("chat.api") and find_spec("chat.api.urls"):
    urlpatterns.append(path("api/v1/", include("chat.api.urls")))
if find_spec("chat.web") and find_spec("chat.web.urls"):
    urlpatterns.append(path("", include("chat.web.urls")))
