"""Pages about the pages themselves: the keys, and every component in one place."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from guantong.campaigns.requests import CampaignRequest


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
                (["m"], _("first step that can be taken on the record")),
                (["c"], _("write a comment")),
                (["Esc"], _("leave a field, close the sheet")),
                (["?"], _("this sheet")),
            ]
        },
    )


def style(request: CampaignRequest) -> HttpResponse:
    """Show every component as it looks, in the theme that the browser asks for."""
    return render(request, "overview/style.html", {"tones": ["", "open", "late", "warn", "done"]})
