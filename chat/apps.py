from django.apps import AppConfig
from django.urls import register_converter

from chat.protocol.addresses import IdConverter


class ChatConfig(AppConfig):
    name = "chat"
    label = "chat"
    verbose_name = "Parley"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register_converter(IdConverter, "id")
