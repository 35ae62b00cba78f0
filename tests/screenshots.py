"""`python -m tests.screenshots [SIZE]`: the main pages of the demonstration as pictures in docs/.

It builds the demonstration in a folder of its own, serves it on loopback, and takes each page at
desk width; one in the other language, one on a phone.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "screens"
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 800}
# Name, address or the link to follow from there, language, size.
PAGES: list[tuple[str, str, str, str, dict[str, int]]] = [
    ("home", "/", "", "en", DESK),
    ("home-zh", "/", "", "zh-hans", DESK),
    ("my-work-phone", "/my-work/", "", "zh-hans", PHONE),
    ("list", "/problems/?overdue=1", "", "en", DESK),
    ("board", "/projects/?as=board", "", "zh-hans", DESK),
    ("record", "/problems/?state=verified", "main th a", "en", DESK),
    ("visits", "/visits/sites/", "", "en", DESK),
    ("area", "/areas/", "main .panel a, main th a", "zh-hans", DESK),
    ("figure", "/figures/rectification.problems_open/", "", "en", DESK),
    ("bulletin", "/bulletins/", "main th a, main .rows a", "zh-hans", DESK),
    ("import", "/import/", "", "en", DESK),
    ("ledger", "/ledger/", "", "en", DESK),
]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wait_for(address: str) -> None:
    for _try in range(120):
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except urllib.error.URLError:
            time.sleep(0.5)
        else:
            return
    sys.exit(f"{address} does not answer.")


def take(address: str) -> None:
    """Sign in as the coordinator and take each page."""
    from playwright.sync_api import sync_playwright

    from tests.browser import CHROMIUM_ARGUMENTS, chromium

    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=CHROMIUM_ARGUMENTS)
        for name, path, follow, language, size in PAGES:
            page = browser.new_context(viewport=size).new_page()
            page.goto(f"{address}/sign-in/")
            page.click(f"button[name=language][value={language}]")
            page.click(".cast button >> nth=0")
            opened(page, address + path, follow)
            page.screenshot(path=PICTURES / f"{name}.png")
            print(f"{name}: {page.url.removeprefix(address)}")
            page.context.close()
        browser.close()


def opened(page: Any, address: str, follow: str) -> None:
    answer = page.goto(address)
    if answer.status != 200:
        sys.exit(f"{address} answers {answer.status}.")
    if follow:
        page.locator(follow).first.click()
        page.wait_for_load_state()


def main(size: str = "ministry") -> None:
    """Build, serve, take the pictures, stop."""
    command = str(Path(sys.executable).with_name("guantong"))
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "GUANTONG_HOME": home}
        build = [command, "demo", "--size", size, "--no-serve"]
        subprocess.run(build, env=environment, check=True)
        port = free_port()
        with subprocess.Popen([command, "serve", "--port", str(port)], env=environment) as server:
            try:
                wait_for(f"http://127.0.0.1:{port}/sign-in/")
                take(f"http://127.0.0.1:{port}")
            finally:
                server.terminate()


if __name__ == "__main__":
    main(*sys.argv[1:])
