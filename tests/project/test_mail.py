"""EMAIL_URL: how mail leaves."""

from __future__ import annotations

import pytest

from project.mail import TIMEOUT_SECONDS, mail


def test_without_it_mails_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EMAIL_URL", raising=False)
    assert mail()["EMAIL_BACKEND"] == "django.core.mail.backends.console.EmailBackend"


@pytest.mark.parametrize(
    ("url", "host", "port", "tls"),
    [
        ("submission://me%40x:p%2Fw@mail.example.org", "mail.example.org", 587, True),
        ("smtp://me%40x:p%2Fw@mail.example.org:2525", "mail.example.org", 2525, False),
    ],
)
def test_a_server_is_named(monkeypatch: pytest.MonkeyPatch, url: str, host: str, port: int, tls: bool) -> None:
    monkeypatch.setenv("EMAIL_URL", url)
    found = mail()
    assert found["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_USE_TLS"]) == (host, port, tls)
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("me@x", "p/w")
    assert found["EMAIL_TIMEOUT"] == TIMEOUT_SECONDS


@pytest.mark.parametrize(
    "url", ["mail.example.org", "imap://me:secret@host", "smtp://me:secret@host:bad", "submission://"]
)
def test_what_names_none_is_refused_without_its_password(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("EMAIL_URL", url)
    with pytest.raises(SystemExit) as stopped:
        mail()
    line = str(stopped.value)
    assert line.startswith("EMAIL_URL is ") and "submission://" in line
    assert "secret" not in line
