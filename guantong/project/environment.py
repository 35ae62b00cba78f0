"""What the environment says, read so that a mistake in it is answered with a sentence."""

import gettext
import os
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import dj_database_url
from django.utils.translation import gettext_noop as _

LOCALE = Path(__file__).parent / "locale"
LANGUAGES = {"zh": "zh-hans", "zh-hans": "zh-hans", "zh-cn": "zh-hans", "en": "en"}
# The two that the same tests run on.
DATABASES = ("sqlite", "postgres", "postgresql")


class WrongSetting(ValueError):
    """A variable of the environment says something that can't be used."""

    def __init__(self, sentence: str, **values: str) -> None:
        super().__init__(sentence % values)
        self.sentence, self.values = sentence, values

    def told_in(self, language: str) -> str:
        """Return the sentence; Django, whose settings just failed, can't translate it yet."""
        known = {"zh-hans": ["zh_Hans"]}.get(language, [])
        catalogue = gettext.translation("django", LOCALE, known, fallback=True)
        return catalogue.gettext(self.sentence) % self.values


def database_settings(url: str) -> dict[str, Any]:
    """Return Django's settings for the database at `url`.

    The address is never repeated: it may hold a password.
    """
    try:
        if url.partition(":")[0] not in DATABASES:
            raise ValueError(url)
        return dict(dj_database_url.parse(url, conn_max_age=600, conn_health_checks=True))
    except ValueError:
        raise WrongSetting(
            _(
                "DATABASE_URL names no database that Guantong can use. It is "
                "postgres://USER:PASSWORD@HOST/NAME or sqlite:///FILE; signs such as @ and / in a "
                "password are written %%40 and %%2F. Without it an SQLite file is used."
            )
        ) from None


def chosen_language() -> str | None:
    """Return the language that is set, if one is."""
    chosen = os.environ.get("GUANTONG_LANGUAGE")
    if not chosen:
        return None
    if chosen.lower() not in LANGUAGES:
        raise WrongSetting(
            _("GUANTONG_LANGUAGE is “%(value)s”. It is zh-hans or en."), value=chosen
        )
    return LANGUAGES[chosen.lower()]


def chosen_zone() -> str:
    """Return the zone in which the organisation's days begin and end."""
    chosen = os.environ.get("GUANTONG_ZONE") or "Asia/Shanghai"
    try:
        ZoneInfo(chosen)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise WrongSetting(
            _("GUANTONG_ZONE is “%(value)s”. It is the name of a time zone, as Asia/Shanghai."),
            value=chosen,
        ) from None
    return chosen


def chosen_address() -> str:
    """Return where people reach this installation, without a slash at its end."""
    chosen = (os.environ.get("GUANTONG_ADDRESS") or "").rstrip("/")
    if chosen and not chosen.startswith(("http://", "https://")):
        raise WrongSetting(
            _(
                "GUANTONG_ADDRESS is “%(value)s”. It begins with https:// or http://, as "
                "https://guantong.example.org."
            ),
            value=chosen,
        )
    return chosen
