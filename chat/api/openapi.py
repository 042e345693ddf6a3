"""The HTTP API as OpenAPI 3.1: views say what they take and give (`chat.api.describing`), this writes it down.

Bodies and answers are the structs that decode and encode them, so that the document cannot tell anything else.
"""

from http import HTTPStatus
from typing import Any, Final

import msgspec
from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent

from chat.api.examples import EXAMPLES
from chat.api.shapes import Problem

COMPONENT: Final = "#/components/schemas/{name}"
WHY: Final = {
    400: "A field or parameter is bad, missing or unknown; `fields` says which.",
    401: "No credentials, or none that open anything.",
    403: "Seen, and not allowed: by one's role, or by the scopes of a personal access token.",
    404: "It does not exist, or may not be seen.",
    405: "Not with this method.",
    409: "It contradicts what is there.",
    413: "Too large.",
    415: "The body is not JSON.",
    429: "Too often; `Retry-After` says when again.",
    503: "Not now: the database is away, or the server stops. `Retry-After` says when again.",
}
LINKS: Final = {
    ("create_room", "201"): {
        "room": ("get_room", {"room_id": "$response.body#/id"}),
        "change": ("update_room", {"room_id": "$response.body#/id"}),
        "messages": ("post_message", {"room_id": "$response.body#/id"}),
        "history": ("list_messages", {"room_id": "$response.body#/id"}),
        "events": ("poll_events", {"room_id": "$response.body#/id"}),
        "members": ("list_members", {"room_id": "$response.body#/id"}),
        "hook": ("create_incoming_hook", {"room_id": "$response.body#/id"}),
        "enter": ("add_member", {"room_id": "$response.body#/id"}),
        "read": ("read_room", {"room_id": "$response.body#/id"}),
    },
    ("post_message", "201"): {
        "message": ("get_message", {"message_id": "$response.body#/id"}),
        "edit": ("edit_message", {"message_id": "$response.body#/id"}),
        "delete": ("delete_message", {"message_id": "$response.body#/id"}),
    },
    ("create_outgoing_hook", "201"): {
        "hook": ("get_outgoing_hook", {"room_id": "$response.body#/room", "hook_id": "$response.body#/id"}),
        "change": ("update_outgoing_hook", {"room_id": "$response.body#/room", "hook_id": "$response.body#/id"}),
        "tries": ("list_deliveries", {"room_id": "$response.body#/room", "hook_id": "$response.body#/id"}),
    },
    ("create_token", "201"): {"revoke": ("revoke_token", {"token_id": "$response.body#/id"})},
    ("create_bot", "201"): {
        "token": ("create_bot_token", {"user_id": "$response.body#/id"}),
        "tokens": ("list_bot_tokens", {"user_id": "$response.body#/id"}),
        "disable": ("disable_bot", {"user_id": "$response.body#/id"}),
    },
}
"""What to do next with an answer: (operation, status) → name → (operation, parameters)."""


class Schema(AutoSchema):
    """Names each operation as its view does, and adds what every operation may answer."""

    def get_tags(self) -> list[str]:
        return [str(self.path.removeprefix("/api/v1/").partition("/")[0])]

    def get_operation_id(self) -> str:
        method = getattr(self.view, self.method.lower())
        return str(method.operation)

    def get_description(self) -> str:  # type: ignore[override]
        return getattr(self.view, self.method.lower()).__doc__ or self.view.__doc__ or ""

    def get_summary(self) -> str:
        return self.get_operation_id().replace("_", " ").capitalize()

    def _get_request_body(self, direction: Any = "request") -> dict[str, Any] | None:
        found: dict[str, Any] | None = super()._get_request_body(direction)
        return found and found | {"required": True}

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        found: dict[str, Any] = super()._get_response_bodies(direction)
        refusals = {400, 405, 429, 503} | set(getattr(self.view, self.method.lower()).refusals)
        if self.view.authentication_classes:
            refusals |= {401, 403}
        if "{" in self.path:
            refusals.add(404)
        if self.get_request_serializer() is not None:
            refusals |= {413, 415}
        for status in sorted(refusals):
            found[str(status)] = self._get_response_for_code(Problem, str(status))
        for status, answer in found.items():
            answer["description"] = WHY.get(int(status)) or HTTPStatus(int(status)).phrase
            for name, (operation, parameters) in LINKS.get((self.get_operation_id(), status), {}).items():
                answer.setdefault("links", {})[name] = {"operationId": operation, "parameters": parameters}
        return found


class Structs(OpenApiSerializerExtension):
    """A msgspec struct in the place of a serializer."""

    target_class = msgspec.Struct
    match_subclasses = True

    def get_name(self, auto_schema: AutoSchema, direction: Any) -> str:
        return str(self.target.__name__)

    def get_identity(self, auto_schema: AutoSchema, direction: Any) -> str:
        return str(self.target.__name__)

    def map_serializer(self, auto_schema: AutoSchema, direction: Any) -> dict[str, Any]:
        _, components = msgspec.json.schema_components([self.target], ref_template=COMPONENT)
        for name, schema in components.items():
            if name in EXAMPLES:
                schema["examples"] = [EXAMPLES[name]]
            if name != self.target.__name__:
                component = ResolvedComponent(name, ResolvedComponent.SCHEMA, object=name, schema=schema)
                auto_schema.registry.register_on_missing(component)
        return dict(components[self.target.__name__])


class Credentials(OpenApiAuthenticationExtension):
    target_class = "chat.api.authentication.CredentialsAuthentication"
    name = ["token", "session"]

    def get_security_requirement(self, auto_schema: AutoSchema) -> list[dict[str, list[Any]]]:
        return [{"token": []}, {"session": []}]

    def get_security_definition(self, auto_schema: AutoSchema) -> list[dict[str, str]]:
        return [
            {
                "type": "http",
                "scheme": "bearer",
                "description": "An access token (a JWT, for 10 minutes), or a personal access token (`parley_…`).",
            },
            {
                "type": "apiKey",
                "in": "cookie",
                "name": "sessionid",
                "description": "The session of a page; what changes something needs its CSRF token, too.",
            },
        ]
