import os

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.urls import re_path

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.peers.tutorial.settings"
django_asgi_app = get_asgi_application()

from benchmarks.peers.tutorial.consumers import ChatConsumer  # noqa: E402 - once Django is set up

application = ProtocolTypeRouter(
    {
        "http": django_asgi_app,
        "websocket": URLRouter([re_path(r"ws/chat/(?P<room_name>\w+)/$", ChatConsumer.as_asgi())]),
    }
)
