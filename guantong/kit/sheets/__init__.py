"""The types with which an app declares its spreadsheets, in its own module `sheets`.

An app's `sheets.py` has a tuple `SHEETS` and, where others name its things, a tuple `LOOKUPS`:

    LOOKUPS = (
        Lookup("sector", _("sector"), find=sectors_named, name=lambda sector: sector.code),
    )

    SHEETS = (
        Sheet(
            kind="sites",
            label=_("Sites"),
            columns=(
                Column("code", _("Code"), Code(60), aliases=("id", "编码"), example="S-001"),
                Column("name", _("Name"), Text(200), required=True, aliases=("名称", "点位")),
                Column("sector", _("Sector"), Refers("sector"), aliases=("行业",)),
                Column("opened_on", _("Opened on"), Day(), aliases=("启用日期",)),
                Column("state", _("State"), Choice(SiteState), writes="adopted"),
            ),
            key=("code",),                    # "which site this row is"
            natural=("name",),                # tells new rows without a code apart
            things=lambda context: Site.objects.visible_to(context.actor).select_related("sector"),
            find=lambda keys, context: {
                (site.code,): site for site in Site.objects.filter(code__in=[k for k, in keys])
            },
            create=lambda rows, context: register_sites(
                rows=rows, actor=context.actor, now=context.now
            ),
            update=lambda changes, context: correct_sites(
                changes=[(change.thing, change.values) for change in changes],
                actor=context.actor, now=context.now,
            ),
        ),
    )

Values in the dicts are what the parsers give: text and choices are strings ("" when empty),
`Refers` the thing itself (None), `RefersToMany` and `Many` tuples (()), all else None when empty.
`create` always gets every column. Lookups that exist: unit (code, name or short name), person
(user name or name), area (code or name), and of the records those of their references, called by
the kind in the singular: session, idea, project, visit, finding, problem, measure, indicator;
site, sector, campaign. A `Refers` also finds rows of the same file and, for foreign registers,
rows of the same source by the number that they have there.
"""

from guantong.kit.sheets.cells import (
    Cell,
    CellError,
    Code,
    Parser,
    Spoilt,
    Text,
    YesNo,
    as_text,
    clean,
    plain,
    refuse_lost,
    refuse_spoilt,
)
from guantong.kit.sheets.choices import Choice, Many
from guantong.kit.sheets.days import NO_DAY, Day
from guantong.kit.sheets.declaring import (
    Advice,
    AtOnce,
    Change,
    Column,
    Context,
    Find,
    Lookup,
    Pending,
    Refers,
    RefersToMany,
    Row,
    RowError,
    Sheet,
    Values,
    Writes,
)
from guantong.kit.sheets.numbers import Number, Whole

__all__ = [
    "NO_DAY",
    "Advice",
    "AtOnce",
    "Cell",
    "CellError",
    "Change",
    "Choice",
    "Code",
    "Column",
    "Context",
    "Day",
    "Find",
    "Lookup",
    "Many",
    "Number",
    "Parser",
    "Pending",
    "Refers",
    "RefersToMany",
    "Row",
    "RowError",
    "Sheet",
    "Spoilt",
    "Text",
    "Values",
    "Whole",
    "Writes",
    "YesNo",
    "as_text",
    "clean",
    "plain",
    "refuse_lost",
    "refuse_spoilt",
]
