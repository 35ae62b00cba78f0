"""Imports as tests make them: a few lines of text in, an outcome out."""

import datetime

from guantong.exchange.mapping import load_mapping
from guantong.exchange.operations import import_file
from guantong.kit.sheets.registry import lookups, sheets
from guantong.units.tests.factories import NOW


def bring(kind, content, *, actor, campaign, mapping=None, name="sheet.csv", now=NOW, **options):
    """Import `content` (text or bytes) as sheets of `kind`, or by the text of a mapping."""
    return import_file(
        content=content.encode() if isinstance(content, str) else content,
        name=name,
        sheet=sheets()[kind] if kind else None,
        mapping=load_mapping(mapping, sheets()) if mapping else None,
        actor=actor,
        now=now,
        campaign=campaign,
        sheets=sheets(),
        lookups=lookups(),
        **options,
    )


def options(world, **more):
    """Return by whom and into which campaign of the `world` fixture something is brought."""
    return {"actor": world["actor"], "campaign": world["campaign"], **more}


def sentences(outcome):
    """Return (row, column, sentence) of every fault."""
    return [(fault.number, fault.column, fault.sentence) for fault in outcome.faults]


def later(days):
    return NOW + datetime.timedelta(days)
