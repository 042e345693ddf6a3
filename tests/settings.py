"""The settings of the pytest process: production's, with a throw-away PARLEY_DATA and cheap passwords."""

import os
import tempfile

# Workers of pytest-xdist inherit the variable, so that all share one folder and one key.
if not os.environ.get("PARLEY_TEST_DATA"):
    os.environ["PARLEY_TEST_DATA"] = tempfile.mkdtemp(prefix="parley-tests-")
    os.environ["PARLEY_TEST_OWNER"] = str(os.getpid())  # who removes it: tests/conftest.py
os.environ["PARLEY_DATA"] = os.environ["PARLEY_TEST_DATA"]

# Workers share one Redis, too, so that each has a database of its own in it.
if os.environ.get("REDIS_URL") and "PYTEST_XDIST_WORKER" in os.environ:
    worker = int(os.environ["PYTEST_XDIST_WORKER"].removeprefix("gw"))
    os.environ["REDIS_URL"] = os.environ["REDIS_URL"].rpartition("/")[0] + f"/{worker + 1}"

from project.settings import *  # noqa: F403
from project.settings import DATABASES, PARLEY_DATA

if "sqlite3" in DATABASES["default"]["ENGINE"]:
    # A file, because threads that share one in-memory database fail where real ones wait.
    DATABASES["default"]["TEST"] = {"NAME": PARLEY_DATA / "test.sqlite3"}
    DATABASES["default"]["OPTIONS"]["init_command"] += ";PRAGMA synchronous=OFF"

STATIC_ROOT = PARLEY_DATA / "static"
STATIC_ROOT.mkdir(exist_ok=True)
PASSWORD_HASHERS = ["tests.support.passwords.CheapHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "files": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": PARLEY_DATA / "files"}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
