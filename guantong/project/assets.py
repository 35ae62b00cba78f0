"""Collects every app's static files: `python -m guantong.project.assets [TARGET]`."""

import shutil
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

PACKAGE = Path(__file__).resolve().parents[1]


def collect(*, target: Path) -> None:
    """Collect into `target`, hashed by content and compressed.

    Configured apart from the project's settings, so that a wheel can be built where only Django
    and whitenoise are at hand.
    """
    shutil.rmtree(target, ignore_errors=True)
    settings.configure(
        INSTALLED_APPS=["django.contrib.staticfiles"],
        STATIC_ROOT=target,
        STATIC_URL="static/",
        STATICFILES_DIRS=sorted(PACKAGE.glob("*/static")),
        STATICFILES_FINDERS=["django.contrib.staticfiles.finders.FileSystemFinder"],
        STORAGES={
            "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
        },
    )
    django.setup()
    call_command("collectstatic", interactive=False, verbosity=0)


if __name__ == "__main__":
    collect(target=Path(sys.argv[1]) if len(sys.argv) > 1 else PACKAGE / "static-built")
