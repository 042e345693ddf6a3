"""Access tokens and sessions, as REST and the socket check them."""

import uuid
from datetime import timedelta
from importlib import import_module

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils import timezone

from chat.models import Login, User
from chat.operations import credentials, logins, people, tokens
from chat.operations.credentials import BadCredentials
from chat.operations.jwt import AccessToken, RefreshToken

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return User.objects.create_user("alice", "correct horse")


def access_of(user: User, login: Login, kind: type = AccessToken) -> str:
    token = kind.for_user(user)
    token["login"] = str(login.pk)
    return str(token)


def session_of(user: User) -> tuple[str, Login]:
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store.create()
    login = logins.start_login(user=user, kind=Login.Kind.SESSION, session_key=store.session_key)
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store["login"] = str(login.pk)
    store.save()
    return store.session_key, login


def test_an_access_token_names_its_user_and_login_in_one_query(alice, django_assert_num_queries):
    login = logins.start_login(user=alice, kind=Login.Kind.TOKEN)
    token = access_of(alice, login)
    with django_assert_num_queries(1):
        identity = credentials.by_token(token)
    assert (identity.user, identity.login_id) == (alice, login.pk)
    assert timedelta(minutes=9) < identity.expires_at - timezone.now() <= timedelta(minutes=10)


def test_a_token_opens_nothing_once_its_login_has_ended(alice):
    login = logins.start_login(user=alice, kind=Login.Kind.TOKEN)
    token = access_of(alice, login)
    logins.end_login(login_id=login.pk)
    with pytest.raises(BadCredentials):
        credentials.by_token(token)


def test_a_token_of_a_disabled_user_opens_nothing(alice):
    login = logins.start_login(user=alice, kind=Login.Kind.TOKEN)
    token = access_of(alice, login)
    User.objects.update(is_active=False)
    with pytest.raises(BadCredentials):
        credentials.by_token(token)


def test_a_token_on_the_login_of_somebody_else_opens_nothing(alice):
    mallory = User.objects.create_user("mallory", "correct horse")
    login = logins.start_login(user=alice, kind=Login.Kind.TOKEN)
    with pytest.raises(BadCredentials):
        credentials.by_token(access_of(mallory, login))


def test_a_refresh_token_is_no_access_token(alice):
    login = logins.start_login(user=alice, kind=Login.Kind.TOKEN)
    with pytest.raises(BadCredentials):
        credentials.by_token(access_of(alice, login, RefreshToken))


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "\x00", "é", "\ud800", "." * 5000, "eyJhbGciOiJub25lIn0.e30."])
def test_what_is_no_token_is_refused(token, db):
    with pytest.raises(BadCredentials):
        credentials.by_token(token)


@pytest.mark.parametrize("claims", [{}, {"login": "x"}, {"login": 7}, {"login": str(uuid.uuid4())}, {"user_id": "x"}])
def test_a_signed_token_with_odd_claims_is_refused(alice, claims):
    token = AccessToken.for_user(alice)
    for name, value in claims.items():
        token[name] = value
    with pytest.raises(BadCredentials):
        credentials.by_token(str(token))


def test_a_session_names_its_user_and_login_in_two_queries(alice, django_assert_num_queries):
    key, login = session_of(alice)
    with django_assert_num_queries(2):
        identity = credentials.by_session(key)
    assert (identity.user, identity.login_id) == (alice, login.pk)
    assert identity.expires_at > timezone.now()


def test_a_session_ends_with_its_login(alice):
    key, login = session_of(alice)
    logins.end_login(login_id=login.pk)
    with pytest.raises(BadCredentials):
        credentials.by_session(key)


def test_a_session_ends_with_the_password_it_was_made_by(alice):
    key, login = session_of(alice)
    people.change_password(user=alice, new_password="another horse", keep_login=login.pk)
    with pytest.raises(BadCredentials):
        credentials.by_session(key)


def test_a_session_outlives_a_new_secret_key_that_remembers_the_old(alice, settings):
    key, _ = session_of(alice)
    # What the session holds is signed by the old key; its hash is checked against the fallbacks.
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "x" * 50
    assert credentials.by_session(key).user == alice
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(BadCredentials):
        credentials.by_session(key)


@pytest.mark.parametrize(("ahead", "opens"), [(0, True), (90, True), (600, False)])
def test_a_token_of_a_node_whose_clock_is_ahead(alice, ahead: int, opens: bool) -> None:
    token = AccessToken(tokens.issue_tokens(user=alice).access)
    token.set_iat(at_time=timezone.now() + timedelta(seconds=ahead))
    if opens:
        assert credentials.by_token(str(token)).user == alice
    else:
        with pytest.raises(BadCredentials):
            credentials.by_token(str(token))


def test_a_token_that_has_expired_opens_nothing_at_once(alice) -> None:
    token = AccessToken(tokens.issue_tokens(user=alice).access)
    token.set_exp(lifetime=timedelta(seconds=-1))
    with pytest.raises(BadCredentials, match="expired"):
        credentials.by_token(str(token))


def test_an_expired_session_opens_nothing(alice):
    key, _ = session_of(alice)
    store = import_module(settings.SESSION_ENGINE).SessionStore
    store.get_model_class().objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    with pytest.raises(BadCredentials):
        credentials.by_session(key)


@pytest.mark.parametrize("key", ["", "x", "\x00" * 10, "é" * 10, "a" * 5000, "'; --"])
def test_what_is_no_session_key_is_refused(key, db):
    with pytest.raises(BadCredentials):
        credentials.by_session(key)
