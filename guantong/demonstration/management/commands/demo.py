"""`guantong demo`: a full campaign of a fictional ministry, to look around in."""

import datetime
import os
import sys
import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.utils import timezone
from django.utils.translation import gettext
from tqdm import tqdm

from guantong.campaigns.models import Campaign
from guantong.demonstration.building import build
from guantong.demonstration.building.bulletins import publish
from guantong.demonstration.building.stage import ZONE
from guantong.demonstration.sizes import SIZES
from guantong.demonstration.words.around import around_in
from guantong.people.models import Person


class Command(BaseCommand):
    """Builds the demonstration where there is no campaign yet, and serves it."""

    # Not lazy, since argparse takes texts only; read after the terminal's language was chosen.
    help = gettext("Build a demonstration campaign and serve it")
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--size", choices=sorted(SIZES), default="small")
        parser.add_argument("--language", choices=["zh", "en"], default="zh")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--no-serve", action="store_true", help=gettext("only build it"))
        parser.add_argument("--port", type=int, default=8000)

    def handle(
        self, *, size: str, language: str, seed: int, no_serve: bool, port: int, **_: Any
    ) -> None:
        """Build what is not there yet; serve what is."""
        call_command("migrate", verbosity=0, interactive=False)
        if Campaign.objects.filter(is_demonstration=False).exists():
            raise CommandError(
                gettext(
                    "This database holds a real campaign, beside which no demonstration belongs. "
                    "Name another folder in GUANTONG_HOME, or another database in DATABASE_URL."
                )
            )
        if Campaign.objects.exists():
            self.stdout.write(gettext("The demonstration is there already; its data are kept."))
        elif Person.objects.exists():
            raise CommandError(
                gettext(
                    "This database holds people already, but no demonstration. Name another folder "
                    "in GUANTONG_HOME, or another database in DATABASE_URL."
                )
            )
        else:
            self._build(size, language, seed)
        if not no_serve:
            self._serve(port)

    def _serve(self, port: int) -> None:
        """Serve in this process's place.

        What drew the bulletins keeps threads, which no worker that is forked from here would have:
        its first chart would wait for them for ever.
        """
        self.stdout.flush()
        connections.close_all()
        # -P: whatever lies in the folder where somebody calls this is no module of ours.
        words = [sys.executable, "-P", "-m", "guantong.project.command", "serve", f"--port={port}"]
        environment = {**os.environ, "PYTHONPATH": str(settings.PACKAGE.parent)}
        os.execve(sys.executable, words, environment)

    def _build(self, size: str, language: str, seed: int) -> None:
        self.stdout.write(gettext("Building the demonstration campaign (all of it is invented) …"))
        self.stdout.flush()
        start = time.monotonic()
        today: datetime.date = timezone.now().astimezone(ZONE).date()
        with tqdm(
            total=100,
            unit="%",
            bar_format="{l_bar}{bar}| {elapsed} < {remaining}",
            leave=False,
            disable=None,
        ) as bar:

            def progress(share: float) -> None:
                bar.update(share * 100 - bar.n)

            build(size=SIZES[size], language=language, seed=seed, today=today, progress=progress)
            publish(words=around_in(language), now=timezone.now())
        self.stdout.write(
            gettext("Built in %(seconds)d seconds.") % {"seconds": time.monotonic() - start}
        )
