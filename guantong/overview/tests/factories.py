"""A campaign with sessions and ideas to be seen on pages, and clients that are signed in."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.utils import timezone

from guantong.people.models import Person
from guantong.study.models import Idea
from guantong.study.operations import IdeaDraft, raise_ideas
from guantong.study.tests.factories import World


def client_of(person: Person, language: str = "en") -> Client:
    """Return a client in which `person` is signed in and reads `language`."""
    client = Client(headers={"accept-language": language})
    client.force_login(person)
    return client


def idea(here: World, unit: str = "D1", title: str = "Keep two suppliers", **values: Any) -> Idea:
    """An idea that the liaison of the unit entered today."""
    draft = IdeaDraft(campaign=here.campaign, unit=here.units[unit], title=title, **values)
    return raise_ideas(
        drafts=[draft],
        actor=here.people[f"liaison_{unit.lower()}"],
        now=timezone.now(),
    )[0]
