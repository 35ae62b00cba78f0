"""The spreadsheets of sectors, places and sites, and how other sheets name these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from guantong.industry import queries
from guantong.industry.models import Place, Sector, Site, SiteKind
from guantong.industry.operations import (
    DivisionDraft,
    SiteDraft,
    correct_divisions,
    correct_sites,
    register_places,
    register_sectors,
    register_sites,
)
from guantong.kit.sheets import (
    Change,
    Choice,
    Code,
    Column,
    Context,
    Lookup,
    Number,
    Refers,
    Sheet,
    Text,
    Values,
    Whole,
    YesNo,
)
from guantong.kit.sheets.offering import by_name_or_code, cells_of

LOOKUPS = (
    Lookup(
        "sector",
        _("sector"),
        find=lambda texts, context: queries.sectors_named(texts),
        name=lambda sector: sector.code,
        cells=cells_of,
        near=lambda context: Sector.objects.values_list("name", flat=True),
        offered=lambda context, words: by_name_or_code(Sector.objects.order_by("pk"), words),
    ),
    Lookup(
        "place",
        _("place"),
        find=lambda texts, context: queries.places_named(texts),
        name=lambda place: place.code,
        cells=cells_of,
        near=lambda context: Place.objects.values_list("name", flat=True)[:5000],
        offered=lambda context, words: by_name_or_code(Place.objects.order_by("pk"), words),
    ),
    Lookup(
        "site",
        _("site"),
        find=lambda texts, context: queries.sites_named(texts),
        name=lambda site: site.code,
        cells=cells_of,
        near=lambda context: Site.objects.values_list("name", flat=True)[:5000],
        offered=lambda context, words: by_name_or_code(Site.objects.order_by("pk"), words),
    ),
)


def _with_codes(model: type[Any], keys: Sequence[tuple[str, ...]]) -> dict[tuple[str, ...], Any]:
    found = queries.by_code(model, (code for (code,) in keys))
    return {(code,): thing for code, thing in found.items()}


def _division(row: Values) -> DivisionDraft:
    parent = row.get("parent")
    return DivisionDraft(
        code=row["code"] or row["name"][:40],
        name=row["name"],
        parent=parent.code if parent else "",
        position=row["position"],
    )


def _correct_divisions(changes: Sequence[Change], context: Context) -> None:
    correct_divisions(
        divisions=[change.thing for change in changes],
        actor=context.actor,
        now=context.now,
        changes={change.thing.pk: change.values for change in changes},
    )


def _create_sites(rows: Sequence[Values], context: Context) -> Sequence[Site]:
    drafts = [
        SiteDraft(
            **{
                **row,
                "kind": row["kind"] or SiteKind.ENTERPRISE,
                "is_lead": bool(row["is_lead"]),
                "source": context.source[:80],
            }
        )
        for row in rows
    ]
    return register_sites(drafts=drafts, actor=context.actor, now=context.now)


def _correct_sites(changes: Sequence[Change], context: Context) -> None:
    values: Mapping[int, Values] = {change.thing.pk: _exact(change.values) for change in changes}
    correct_sites(
        sites=[change.thing for change in changes],
        actor=context.actor,
        now=context.now,
        changes=values,
    )


def _exact(values: Values) -> Values:
    given = dict(values)
    if "is_lead" in given:
        given["is_lead"] = bool(given["is_lead"])
    if given.get("kind") == "":
        given["kind"] = SiteKind.ENTERPRISE
    return given


_CODE = Column("code", _("Code"), Code(40), aliases=("编码", "代码"), example="aviation")
_NAME = Column(
    "name", _("Name"), Text(200), required=True, aliases=("名称",), example=_("Aviation")
)
_POSITION = Column(
    "position", _("Official order"), Whole(least=0), aliases=("排序", "序号"), example=1
)

SHEETS = (
    Sheet(
        kind="sectors",
        label=_("Sectors"),
        columns=(_CODE, _NAME, _POSITION),
        key=("code",),
        natural=("name",),
        things=lambda context: Sector.objects.all(),
        find=lambda keys, context: _with_codes(Sector, keys),
        create=lambda rows, context: register_sectors(
            drafts=[_division(row) for row in rows], actor=context.actor, now=context.now
        ),
        update=_correct_divisions,
    ),
    Sheet(
        kind="places",
        label=_("Places"),
        columns=(
            Column("code", _("Code"), Code(40), aliases=("编码", "代码"), example="NX"),
            Column(
                "name", _("Name"), Text(200), required=True, aliases=("名称",), example="Northmark"
            ),
            Column("parent", _("Lies in"), Refers("place"), aliases=("上级地区",)),
            _POSITION,
        ),
        key=("code",),
        natural=("name",),
        things=lambda context: Place.objects.select_related("parent"),
        find=lambda keys, context: _with_codes(Place, keys),
        create=lambda rows, context: register_places(
            drafts=[_division(row) for row in rows], actor=context.actor, now=context.now
        ),
        update=_correct_divisions,
    ),
    Sheet(
        kind="sites",
        label=_("Sites"),
        columns=(
            Column(
                "code", _("Code"), Code(60), aliases=("id", "编码", "代码"), example="site-00001"
            ),
            Column(
                "name",
                _("Name"),
                Text(300),
                required=True,
                aliases=("site", "名称", "点位", "企业名称", "单位名称"),
                example=_("Demonstration Engine Works"),
            ),
            Column(
                "kind", _("Kind"), Choice(SiteKind), aliases=("类型", "类别"), example="enterprise"
            ),
            Column("sector", _("Sector"), Refers("sector"), aliases=("行业", "所属行业")),
            Column("place", _("Place"), Refers("place"), aliases=("地区", "所在地", "省份")),
            Column("parent", _("Belongs to"), Refers("site"), aliases=("隶属", "上级点位")),
            Column(
                "is_lead",
                _("Lead enterprise"),
                YesNo(),
                aliases=("龙头企业", "是否龙头企业"),
                example=True,
            ),
            Column(
                "latitude", _("Latitude"), Number(-90, 90), aliases=("纬度", "lat"), example=31.23
            ),
            Column(
                "longitude",
                _("Longitude"),
                Number(-180, 180),
                aliases=("经度", "lon", "lng"),
                example=121.47,
            ),
        ),
        key=("code",),
        natural=("name",),
        things=lambda context: Site.objects.select_related("sector", "place", "parent"),
        find=lambda keys, context: _with_codes(Site, keys),
        create=_create_sites,
        update=_correct_sites,
        after=("sectors", "places"),
    ),
)
