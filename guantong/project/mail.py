"""Where e-mail goes, as one address says: nowhere, to a server, a folder or the terminal."""

from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from django.utils.translation import gettext_noop as _

from guantong.project.environment import WrongSetting

BACKENDS = "django.core.mail.backends"
PORTS = {"smtp": 25, "smtps": 465, "submission": 587}


def email_settings(url: str) -> dict[str, Any]:
    """Return Django's settings for `url`; without one nothing is ever sent.

    smtp://host, submission://user:password@host (with STARTTLS), smtps://user:password@host (TLS
    from the first byte), file:///folder, console:.
    """
    if not url:
        return {"EMAIL_BACKEND": f"{BACKENDS}.dummy.EmailBackend"}
    try:
        return _settings_of(urlsplit(url))
    except ValueError:
        # The address is not repeated: it may hold a password.
        raise WrongSetting(
            _(
                "GUANTONG_EMAIL_URL is not understood. It is smtp://HOST, "
                "submission://USER:PASSWORD@HOST, smtps://USER:PASSWORD@HOST, file:///FOLDER or "
                "console:."
            )
        ) from None


def _settings_of(parts: SplitResult) -> dict[str, Any]:
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": f"{BACKENDS}.console.EmailBackend"}
    if parts.scheme == "file":
        return {
            "EMAIL_BACKEND": f"{BACKENDS}.filebased.EmailBackend",
            "EMAIL_FILE_PATH": unquote(parts.path),
        }
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError(parts.scheme)
    said = parse_qs(parts.query)
    return {
        "EMAIL_BACKEND": f"{BACKENDS}.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "submission",
        "EMAIL_TIMEOUT": int(said.get("timeout", ["20"])[0]),
    }
