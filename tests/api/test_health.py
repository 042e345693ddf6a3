"""/healthz and /readyz."""

import pytest
from channels.layers import InMemoryChannelLayer
from django.test import AsyncClient

from chat.api import health
from chat.streams import running


async def test_healthz_asks_no_database():
    response = await AsyncClient().get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.django_db(transaction=True)
async def test_readyz_is_ok_when_all_answers():
    response = await AsyncClient().get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "ok", "channel_layer": "ok", "process": "ok"}
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db(transaction=True)
async def test_readyz_names_a_channel_layer_that_is_away(monkeypatch):
    class Away(InMemoryChannelLayer):
        async def group_send(self, group, message):
            raise ConnectionError("redis://secret@host")

    monkeypatch.setattr(health, "get_channel_layer", Away)
    response = await AsyncClient().get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "database": "ok", "channel_layer": "away", "process": "ok"}


@pytest.mark.django_db(transaction=True)
async def test_readyz_names_a_database_that_is_away(monkeypatch):
    def fail():
        raise ConnectionError("postgresql://secret@host")

    monkeypatch.setattr(health, "_ask_database", fail)
    response = await AsyncClient().get("/readyz")
    assert response.status_code == 503
    assert response.json()["database"] == "away"


@pytest.mark.django_db(transaction=True)
async def test_readyz_says_that_the_process_is_going(monkeypatch):
    monkeypatch.setattr(running, "retiring", lambda: True)
    response = await AsyncClient().get("/readyz")
    assert response.status_code == 503
    assert response.json()["process"] == "draining"
    assert (await AsyncClient().get("/healthz")).status_code == 200
