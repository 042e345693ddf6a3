"""Settings. Everything that differs between installations comes from the environment (see README.md)."""

import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from project import env, logs, redis
from project.databases import database
from project.files import files
from project.mail import mail
from project.secret import secret_keys

BASE_DIR = Path(__file__).resolve().parent.parent
PARLEY_DATA = env.folder("PARLEY_DATA", BASE_DIR / "var")

DEBUG = env.flag("DEBUG", False)
SECRET_KEY, *SECRET_KEY_FALLBACKS = secret_keys(PARLEY_DATA)
HOST = env.text("HOST", "127.0.0.1")
PORT = env.integer("PORT", 8000, least=0, most=65535)
LISTEN_FD = env.passed_socket()
WORKERS = env.integer("WORKERS", 1, least=1, most=64)
POSTS_PER_10S = env.integer("POSTS_PER_10S", 50, least=1, most=1_000_000)
WRITER_BATCH = env.integer("WRITER_BATCH", 256, least=1, most=4096)
# Of one process, altogether and for each person. Some files are left for all else: requests, database, channel layer.
MAX_SOCKETS = min(env.integer("MAX_SOCKETS", 20_000, least=1, most=1_000_000), max(1, env.open_files() - 500))
MAX_SOCKETS_PER_USER = env.integer("MAX_SOCKETS_PER_USER", 1_000, least=1, most=1_000_000)
LOG_FORMAT: logs.Form = env.choice("LOG_FORMAT", ("json", "text"), "text" if DEBUG or sys.stderr.isatty() else "json")
METRICS_TOKEN = env.text("METRICS_TOKEN")
# Outgoing webhooks may go to http, to any port and to addresses of the inner network: for tests and intranets.
HOOKS_ALLOW_PRIVATE = env.flag("HOOKS_ALLOW_PRIVATE", False)
# Previews may be fetched from any port and from addresses of the inner network: for tests and intranets. Whoever may
# post reads there what this server can read; the door of webhooks is another one.
PREVIEWS_ALLOW_PRIVATE = env.flag("PREVIEWS_ALLOW_PRIVATE", False)
# Devices may subscribe with push services of http and of the inner network: for tests.
PUSH_ALLOW_PRIVATE = env.flag("PUSH_ALLOW_PRIVATE", False)
# Background tasks; off where `manage.py work` runs them.
TASKS_IN_SERVER = env.flag("TASKS_IN_SERVER", True)
API_THROTTLE = env.flag("API_THROTTLE", True)
REDIS_URLS = env.urls("REDIS_URL", ("redis", "rediss", "unix", "sentinel"), redis.EXAMPLES)
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", ["localhost", ".localhost", "127.0.0.1", "[::1]"])
# Full origins, beside the one a request names in its Host header, from which browsers may write.
TRUSTED_ORIGINS = env.origins("TRUSTED_ORIGINS")
CSRF_TRUSTED_ORIGINS = TRUSTED_ORIGINS
# Where people find this Parley: for links in mails.
PUBLIC_URL, *_ = env.origins("PUBLIC_URL") or TRUSTED_ORIGINS or [f"http://localhost:{PORT}"]
# Whose X-Forwarded-For and X-Forwarded-Proto the production server believes.
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES")

INSTALLED_APPS = [
    # First, for it replaces runserver; and only then, for all of Twisted comes with it.
    *(["daphne"] if "runserver" in sys.argv else []),
    "channels",
    "chat",
    "rest_framework",
    "rest_framework_simplejwt",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_tasks",
    "django_tasks_db",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "project.security.security_headers",
    "django.middleware.security.SecurityMiddleware",
    "project.static.StaticFiles",
    "chat.web.signed_in.Sessions",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "chat.web.signed_in.SignedIn",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "project.urls"
ASGI_APPLICATION = "project.asgi.application"
PRODUCTION_SERVER = "project.server.run"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Stores -----------------------------------------------------------------------------------------

DATABASES = {"default": database(PARLEY_DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CHANNEL_LAYERS: dict[str, dict[str, Any]]
CACHES: dict[str, dict[str, Any]]
if REDIS_URLS:
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {
                "hosts": [redis.channel_layer_host(url) for url in REDIS_URLS],
                # Publishing pays no heed to the number of the Redis database, which keeps two Parleys apart.
                "prefix": "parley" + urlsplit(REDIS_URLS[0]).path.replace("/", "-"),
            },
        }
    }
    CACHES = {"default": redis.cache(REDIS_URLS[0])}
else:
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "project.layers.InMemoryChannelLayer",
            "CONFIG": {"capacity": 10_000},
        }
    }
    # With the usual 300 entries, three hundred people who ask would lose their counts of requests.
    CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 20_000}}
    }

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Files that people send --------------------------------------------------------------------------

UPLOAD_BYTES = env.integer("UPLOAD_BYTES", 25 * 1024 * 1024, least=1, most=1024**4)
UPLOAD_QUOTA_BYTES = env.integer("UPLOAD_QUOTA_BYTES", 5 * 1024**3, least=1, most=1024**5)
UPLOAD_PIXELS = env.integer("UPLOAD_PIXELS", 40_000_000, least=1, most=1_000_000_000)
# The location of nginx that is internal and has the folder of files; with it, nginx sends them.
FILES_ACCEL = env.text("FILES_ACCEL")
FILES_S3_BUCKET = env.text("FILES_S3_BUCKET")
# Parts of a body on their way to the disk, on the same file system as the files.
FILE_UPLOAD_TEMP_DIR = env.folder("FILE_UPLOAD_TEMP_DIR", PARLEY_DATA / "arriving")
FILE_UPLOAD_PERMISSIONS = 0o640  # nginx may be of the group

# People -----------------------------------------------------------------------------------------

AUTH_USER_MODEL = "chat.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 3600  # seconds; the mail says an hour
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"

SIMPLE_JWT = {
    "ALGORITHM": "HS256",
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=10),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=30),
    "ISSUER": "parley",
    "AUDIENCE": "parley",
    # Another node, whose clock is ahead, may have issued a token "in the future". Expiry has no leeway (`read_token`).
    "LEEWAY": timedelta(minutes=2),
    "USER_ID_FIELD": "pk",
    "USER_ID_CLAIM": "user_id",
}

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["chat.api.authentication.CredentialsAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["chat.api.rendering.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "chat.api.errors.handle",
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_SCHEMA_CLASS": "chat.api.openapi.Schema",
}

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "OAS_VERSION": "3.1.0",
    "TITLE": "Parley",
    "DESCRIPTION": "Rooms, people and messages, for programs. What is live comes by the socket: see its own page.",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "COMPONENT_SPLIT_REQUEST": False,
    "COMPONENT_SPLIT_PATCH": False,
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [],
}

globals().update(mail())
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("MAIL_FROM", f"Parley <parley@{urlsplit(PUBLIC_URL).hostname}>")

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

# Static files -----------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = PARLEY_DATA / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder", "project.static.AppFiles"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "files": files(PARLEY_DATA / "files", FILES_S3_BUCKET),
    "staticfiles": {
        # With DEBUG on, files are served as they are written.
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "project.static.HashedStaticFiles"
    },
}
WHITENOISE_ALLOW_ALL_ORIGINS = False

# Security ---------------------------------------------------------------------------------------

# Behind a proxy people come by https, unless every trusted origin says otherwise. X-Forwarded-Proto is read by the
# server, from TRUSTED_PROXIES alone; Django's SECURE_PROXY_SSL_HEADER would believe it from anybody.
HTTPS = bool(TRUSTED_PROXIES) and not (
    TRUSTED_ORIGINS and all(origin.startswith("http:") for origin in TRUSTED_ORIGINS)
)
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True  # the page's scripts find the token in the page
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 30 * 24 * 3600 if HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # HSTS for all subdomains: they may be other people's
    "security.W008",  # from http to https redirects the proxy, before Parley sees anything
    "security.W021",  # HSTS preloading: as W005
]

LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = logs.configuration(LOG_FORMAT)
