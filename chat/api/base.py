"""What every view has in common."""

from typing import Any, TypeVar, cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control, patch_vary_headers
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.views import APIView

from chat.api import body
from chat.models import User
from chat.operations import throttling
from chat.operations.credentials import BadCredentials, Identity
from chat.protocol.errors import RateLimited
from chat.protocol.scopes import Scope

B = TypeVar("B", bound=body.Body)


class View(APIView):
    """For people who have signed in; credentials, throttle and errors as in PROTOCOL.md."""

    reads, writes = Scope.READ, Scope.WRITE
    """What a personal access token must be made for."""

    http_method_names = ["get", "head", "post", "put", "patch", "delete"]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.auth is not None:
            self.identity.check(self.reads if request.method in SAFE_METHODS else self.writes)
            throttling.PER_USER.count(self.identity.user.pk)

    @property
    def identity(self) -> Identity:
        return cast(Identity, self.request.auth)

    @property
    def me(self) -> User:
        """Whoever asks."""
        return self.identity.user

    @property
    def plain_request(self) -> HttpRequest:
        """Django's own request within the framework's."""
        return cast(Any, self.request)._request

    def body(self, kind: type[B]) -> B:
        return body.read(self.plain_request, kind)

    def handle_exception(self, exc: Exception) -> Any:
        return super().handle_exception(counted(self.plain_request, exc))

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        return keep_private(super().finalize_response(request, response, *args, **kwargs))


def counted(request: HttpRequest, error: Exception) -> Exception:
    """`error`, after a request without valid credentials was counted; the refusal of one too many instead."""
    if isinstance(error, NotAuthenticated | AuthenticationFailed | BadCredentials):
        try:
            throttling.PER_ADDRESS.count(throttling.address_of(request))
        except RateLimited as limited:
            return limited
    return error


def keep_private(response: HttpResponseBase) -> HttpResponseBase:
    """No shared cache keeps what people said, and no other one gives it out unasked."""
    if not response.has_header("Cache-Control"):
        patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ("Authorization", "Cookie"))
    return response


def nothing() -> HttpResponse:
    """204: done, and nothing to tell."""
    response = HttpResponse(status=204)
    del response["Content-Type"]
    return response
