"""What a server does before anybody asks, which its first answers would else wait for."""

from django.conf import settings
from django.template.loader import get_template
from django.urls import reverse
from django.utils import translation

from guantong.campaigns.queries import all_campaigns
from guantong.overview.queries.flows import all_flows

# What people open first.
PAGES = (
    *("overview/sign_in.html", "overview/home.html", "overview/my_work.html"),
    *("records/list.html", "records/record.html", "records/move.html", "records/search.html"),
)


def warm_up() -> None:
    """Read addresses, pages and both languages, and count the links that there are.

    Done once, by the process of which all that answer are made: they have it from there.
    """
    for language, _label in settings.LANGUAGES:
        with translation.override(language):
            reverse("home")
            for page in PAGES:
                get_template(page)
    for campaign in all_campaigns():
        if campaign.closed_on is None:
            all_flows(campaign)
