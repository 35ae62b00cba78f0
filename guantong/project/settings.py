"""Settings, every one by environment with a default that works."""

import hashlib
import os
from pathlib import Path

from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from guantong.project.environment import (
    chosen_address,
    chosen_language,
    chosen_zone,
    database_settings,
)
from guantong.project.mail import email_settings
from guantong.project.secret import read_or_make_secret_key

PACKAGE = Path(__file__).resolve().parents[1]
# Everything that one installation owns stands below here: database, files, keys, logs.
HOME = Path(os.environ.get("GUANTONG_HOME") or "./var").resolve()
DATABASE_URL = os.environ.get("DATABASE_URL") or "sqlite:///guantong.sqlite3"

DEBUG = os.environ.get("GUANTONG_DEBUG") == "1"
# Lazy, so that nothing is written before a key is really needed.
SECRET_KEY = os.environ.get("GUANTONG_SECRET_KEY") or SimpleLazyObject(
    lambda: read_or_make_secret_key(HOME / "keys" / "secret-key")
)
ALLOWED_HOSTS = [
    host.strip()
    for host in (os.environ.get("GUANTONG_HOSTS") or "127.0.0.1,localhost,[::1]").split(",")
    if host.strip()
]
# Set where a proxy in front speaks HTTPS: then cookies go over HTTPS only.
IS_BEHIND_HTTPS = os.environ.get("GUANTONG_HTTPS") == "1"

INSTALLED_APPS = [
    "guantong.project",
    "guantong.demonstration",
    "guantong.overview",
    "guantong.exchange",
    "guantong.bulletins",
    "guantong.study",
    "guantong.research",
    "guantong.rectification",
    "guantong.development",
    "guantong.visits",
    "guantong.directives",
    "guantong.audit",
    "guantong.industry",
    "guantong.figures",
    "guantong.evidence",
    "guantong.records",
    "guantong.campaigns",
    "guantong.people",
    "guantong.units",
    "guantong.ledger",
    "guantong.routine",
    "guantong.kit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "guantong.project.middleware.content_security_policy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "guantong.overview.views.door.SignInAgain",
    "guantong.campaigns.requests.CampaignMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "guantong.project.middleware.wrong_method",
]

ROOT_URLCONF = "guantong.project.urls"
WSGI_APPLICATION = "guantong.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "guantong.overview.shell.shell",
            ],
        },
    },
]

DATABASES = {"default": database_settings(DATABASE_URL)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A relative file stands in the installation's own folder, wherever the command is called.
    if not DATABASES["default"]["NAME"].startswith((":memory:", "file:")):
        DATABASES["default"]["NAME"] = str(HOME / DATABASES["default"]["NAME"])
    # WAL lets readers go on while one writes; IMMEDIATE takes the write lock at BEGIN, so that a
    # transaction never fails half way; FULL keeps an acknowledged write through a loss of power.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # Each connection keeps up to 64 MB of pages, where by default it would keep 2.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        " PRAGMA cache_size=-65536;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Person"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "guantong.overview.forms.passwords.LongEnough"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# For how long a link with which somebody chooses a password is good, in seconds.
PASSWORD_RESET_TIMEOUT = 7 * 24 * 3600

# Reading a page must not write: on SQLite every write takes the one lock.
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = IS_BEHIND_HTTPS
CSRF_FAILURE_VIEW = "guantong.overview.views.keeping.expired"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = IS_BEHIND_HTTPS
CSRF_TRUSTED_ORIGINS = (
    [f"https://{host}" for host in ALLOWED_HOSTS if host != "*"] if IS_BEHIND_HTTPS else []
)
if IS_BEHIND_HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 30 * 24 * 3600
    SECURE_SSL_REDIRECT = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# A browser sends a host's cookies to all its ports: two installations side by side need names of
# their own, or signing in to one signs out of the other.
COOKIE_SUFFIX = hashlib.sha256(str(HOME).encode()).hexdigest()[:8]
SESSION_COOKIE_NAME = f"guantong-session-{COOKIE_SUFFIX}"
CSRF_COOKIE_NAME = f"guantong-csrf-{COOKIE_SUFFIX}"
LANGUAGE_COOKIE_NAME = f"guantong-language-{COOKIE_SUFFIX}"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600

LANGUAGE_CODE = chosen_language() or "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
USE_I18N = True
USE_TZ = True
# Moments are stored in UTC. What no campaign says the day of (an appointment, a job) counts by the
# organisation's zone; within a campaign its own zone holds.
TIME_ZONE = chosen_zone()

# The daily digest goes out by e-mail where this says how; without it nothing is sent.
EMAIL_URL = os.environ.get("GUANTONG_EMAIL_URL") or ""
globals().update(email_settings(EMAIL_URL))
DEFAULT_FROM_EMAIL = os.environ.get("GUANTONG_EMAIL_FROM") or "guantong@localhost"
# Where people reach this installation, for links in what leaves it.
ADDRESS = chosen_address()

STATIC_URL = "static/"
# Inside the package, so that a wheel carries it; made at set-up, never committed.
STATIC_ROOT = PACKAGE / "static-built"
IS_STATIC_BUILT = not DEBUG and (STATIC_ROOT / "staticfiles.json").exists()
# In a checkout where nothing was collected, files are served from where they are written.
WHITENOISE_USE_FINDERS = not IS_STATIC_BUILT
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if IS_STATIC_BUILT
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_ROOT = HOME / "files"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
    },
    "handlers": {
        "file": {
            "class": "guantong.project.logs.HomeFileHandler",
            "filename": str(HOME / "logs" / "guantong.log"),
            "formatter": "line",
        },
        "terminal": {"class": "logging.StreamHandler", "formatter": "line", "level": "ERROR"},
    },
    "root": {"handlers": ["file"], "level": "INFO"},
    "loggers": {
        # Django's own handlers would print stacks in the terminal of a person at work.
        "django": {"handlers": ["file"], "level": "INFO", "propagate": False},
        "django.server": {"handlers": ["file"], "level": "INFO", "propagate": False},
    },
}
if DEBUG:
    LOGGING["root"]["handlers"] = ["file", "terminal"]  # type: ignore[index]
