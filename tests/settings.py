"""The project's settings for tests: a home of their own that goes away with the run."""

import atexit
import os
import shutil
import tempfile

_home = tempfile.mkdtemp(prefix="guantong-tests-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["GUANTONG_HOME"] = _home
if os.environ.get("GUANTONG_TEST_DATABASES"):
    # Each worker of a run in parallel has a server of its own.
    _urls = os.environ["GUANTONG_TEST_DATABASES"].split()
    _worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    os.environ["DATABASE_URL"] = _urls[_worker % len(_urls)]
os.environ.setdefault("GUANTONG_SECRET_KEY", "a key that guards nothing but tests")

from guantong.project.settings import *  # noqa: E402, F403

# Files as they are written, not as they were last collected.
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Signing in is not what most tests are about, and a real hash takes a third of a second.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Tests roll back, so that one test's newest entry is another's: nothing is kept between them.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
