"""What a user's shell holds when they type a command of an installation of their own."""

import os
from pathlib import Path


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return it for an installation on SQLite in `home`, which speaks English."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "guantong.project.settings",
        "GUANTONG_HOME": str(home),
        "GUANTONG_LANGUAGE": "en",
        "GUANTONG_SECRET_KEY": "",
        "DATABASE_URL": "",
        **more,
    }
