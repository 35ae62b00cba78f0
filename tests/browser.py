"""The browser that tests and pictures drive: the one named in CHROMIUM, or the system's."""

import os
import shutil

# Seconds that tests wait for what should come. A busy machine fails none; what never comes fails
# them a little later.
PATIENCE = 40
CHROMIUM = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
CHROMIUM_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str | None:
    """Return the path of the browser, None where there is none."""
    names = [os.environ["CHROMIUM"]] if os.environ.get("CHROMIUM") else CHROMIUM
    return next((found for name in names if (found := shutil.which(name))), None)
