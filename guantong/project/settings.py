"""Settings, every one by environment with a default that works."""

import os
from pathlib import Path

import dj_database_url
from django.utils.translation import gettext_lazy as _

HOME = Path(os.environ.get("GUANTONG_HOME", "./var")).resolve()
DATABASE_URL = os.environ.get("DATABASE_URL", f"sqlite:///{HOME / 'guantong.sqlite3'}")

DEBUG = os.environ.get("GUANTONG_DEBUG") == "1"
SECRET_KEY = os.environ.get("GUANTONG_SECRET_KEY", "made-at-set-up")
ALLOWED_HOSTS = os.environ.get("GUANTONG_HOSTS", "127.0.0.1,localhost").split(",")

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
    "guantong.industry",
    "guantong.figures",
    "guantong.evidence",
    "guantong.records",
    "guantong.campaigns",
    "guantong.people",
    "guantong.units",
    "guantong.ledger",
    "guantong.kit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
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
            ],
        },
    },
]

DATABASES = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=600)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # WAL lets readers go on while one writes; IMMEDIATE takes the write lock at BEGIN, so that a
    # transaction never fails half way; FULL keeps an acknowledged write through a loss of power.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Person"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
MEDIA_ROOT = HOME / "files"
