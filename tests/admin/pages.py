"""Addresses of the admin, and what stands on its pages."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import httpx
from django.db.models import Model
from django.test import Client


def listing(model: str, query: str = "") -> str:
    return f"/admin/chat/{model}/{query}"


def page(obj: Model) -> str:
    return f"/admin/chat/{obj._meta.model_name}/{obj.pk}/change/"


def text(response: Any) -> str:
    """The words of a page, without markup."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def rows(response: Any) -> int:
    """How many objects a list shows."""
    return len(response.context["cl"].result_list)


def act(client: Client, model: str, action: str, *objects: Model) -> Any:
    """Performs an action on the objects, as the list does; returns the page that it leads to."""
    data = {"action": action, "index": "0", "_selected_action": [str(obj.pk) for obj in objects]}
    return client.post(listing(model), data, follow=True)


def told(response: Any) -> list[str]:
    """The messages on top of a page."""
    return [str(message) for message in response.context["messages"]]


def form_data(client: Client, address: str) -> dict[str, Any]:
    """What a browser would send if the form were sent as it stands."""
    response = client.get(address)
    assert response.status_code == 200
    forms = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    data: dict[str, Any] = {}
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is not None and value is not False:
                data[bound.html_name] = getattr(value, "pk", value)
    return data


async def send(browser: httpx.AsyncClient, address: str, data: dict[str, Any]) -> None:
    """Sends a form; every form that is taken leads on."""
    answer = await browser.post(address, data=data | {"csrfmiddlewaretoken": browser.cookies["csrftoken"]})
    assert answer.status_code == 302, answer.text
