"""What the sheets of study share."""

from django.utils.translation import gettext_lazy as _

from guantong.kit.sheets import Column, Refers
from guantong.records.sheets import of_record

UNIT = Column(
    "unit",
    _("Unit"),
    Refers("unit"),
    required=True,
    aliases=("单位", "主办单位", "责任单位"),
    get=of_record("unit"),
    writes="new",
)
