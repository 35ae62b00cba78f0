"""References in what people write become links."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from guantong.records.registry import kinds
from guantong.records.rules import REFERENCE

register = template.Library()
# Not inside a longer word or number, such as a document's number GB-20230412-1.
IN_TEXT = re.compile(rf"(?<![a-z0-9-])({REFERENCE.pattern})(?![0-9a-z-])", re.IGNORECASE)


@register.simple_tag(takes_context=True)
def with_references(context: Any, text: str | None) -> SafeString:
    """Turn P-0412, or p-0412, into a link; everything else is escaped.

    What is written on the page's record means the records of its own campaign.
    """
    prefixes = {kind.prefix for kind in kinds()}
    within = _elsewhere(context)

    def link(match: re.Match[str]) -> str:
        reference = match[1].upper()
        if reference.split("-")[0] not in prefixes:
            return match[1]
        address = escape(reverse("reference", args=[reference]) + within)
        return f'<a class="ref" href="{address}">{match[1]}</a>'

    # The pattern holds none of the characters that escaping changes or brings.
    return mark_safe(IN_TEXT.sub(link, escape(text or "")))


def _elsewhere(context: Any) -> str:
    """The query that leads into the campaign of the page's record, where one looks at another."""
    record, request = context.get("record"), context.get("request")
    campaign = getattr(record, "campaign", None)
    if campaign is None or campaign == getattr(request, "campaign", None):
        return ""
    return "?" + urlencode({"campaign": campaign.code})
