"""How many queries each kind of page asks: `python benchmarks/queries.py HOME [HOME…]`.

Each HOME holds a demonstration (`guantong demo --size … --no-serve`). For a coordinator, a head and
a liaison, the most that any address of that kind of page asked with nothing kept from before,
beside what it may ask. The same pages are held to it by `tests/journeys/test_queries.py`.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

PLACE = Path(__file__).resolve().parents[1]
ROLES = ("coordinator", "head", "liaison")


def count() -> None:
    """Count in the home that the environment names, and print what was counted as JSON."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "guantong.project.settings"
    sys.path.insert(0, str(PLACE))
    import django

    django.setup()
    from django.conf import settings
    from django.test import Client
    from django.utils import timezone

    from guantong.campaigns.queries import current_campaign
    from guantong.records.models import Record
    from tests.journeys.pages import asked_by, holder_of, pages_of

    settings.ALLOWED_HOSTS = ["*"]
    campaign = current_campaign()
    assert campaign is not None
    today = campaign.day_of(timezone.now())
    found: dict[str, list[int]] = {}
    for role in ROLES:
        person = holder_of(role, today)
        client = Client()
        client.force_login(person)
        for page in pages_of(campaign, person, today):
            found.setdefault(page.label, [page.most]).append(asked_by(client, page))
    print(json.dumps({"records": Record.objects.count(), "pages": found}))


def counted(home: str) -> dict:
    environment = {**os.environ, "GUANTONG_HOME": home}
    words = [sys.executable, __file__]
    asked = subprocess.run(words, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(asked.stdout.splitlines()[-1])


def table(homes: list[dict]) -> Iterator[str]:
    heads = " | ".join(f"{home['records']:,} records: {', '.join(ROLES)}" for home in homes)
    yield f"| page | may | {heads} |"
    yield "|---" * (len(homes) + 2) + "|"
    for label, (most, *_asked) in homes[-1]["pages"].items():
        cells = [", ".join(map(str, home["pages"].get(label, [0])[1:])) for home in homes]
        yield f"| {label} | {most} | " + " | ".join(cells) + " |"


if __name__ == "__main__":
    if sys.argv[1:]:
        print("\n".join(table([counted(home) for home in sys.argv[1:]])))
    else:
        count()
