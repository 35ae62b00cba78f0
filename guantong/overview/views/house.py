"""Pages about the pages themselves: the keys, and every component in one place."""

from __future__ import annotations

import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from guantong.campaigns.requests import CampaignRequest
from guantong.overview.thread import Cut, Flow, Stage, draw


def keys(request: CampaignRequest) -> HttpResponse:
    """List the keys; the script of the pages shows this as a sheet."""
    return render(
        request,
        "overview/keys.html",
        {
            "keys": [
                (["/"], _("search")),
                (["g", "h"], _("home")),
                (["g", "w"], _("my work")),
                (["g", "f"], _("figures")),
                (["g", "b"], _("bulletins")),
                (["g", "l"], _("ledger")),
                (["j", "k"], _("next row, row before; Enter opens it")),
                (["x"], _("tick the row")),
                (["."], _("next page")),
                (["n"], _("enter a new one")),
                (["m"], _("first step on the record or the row; in a form its first field")),
                (["c"], _("write a comment")),
                (["Esc"], _("leave a field, close the sheet")),
                (["?"], _("this sheet")),
            ]
        },
    )


def style(request: CampaignRequest) -> HttpResponse:
    """Show every component as it looks, in the theme that the browser asks for."""
    stages = [
        Stage("problem", _("Problems"), 4026, "#page"),
        Stage("measure", _("Measures"), 9140, "#page"),
        Stage("verified", _("Verified"), 2871, "#page", _("problems")),
    ]
    flows = [
        Flow("problem", "measure", 4026, "#page"),
        Flow("measure", "verified", 2871, "#page"),
    ]
    cuts = [Cut("measure", _("claimed, unverified"), 204, "#page")]
    return render(
        request,
        "overview/style.html",
        {
            "tones": [
                ("", _("Closed")),
                ("open", _("Open")),
                ("late", _("Past the original day")),
                ("warn", _("Restricted")),
                ("done", _("Done")),
            ],
            "shares": [(9140, 100), (4026, 44), (204, 2)],
            "picture": draw(stages, flows, cuts),
            "day": datetime.date(2023, 7, 20),
        },
    )
