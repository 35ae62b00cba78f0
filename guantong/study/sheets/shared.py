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
# Of a row that belongs to a session and has no unit of its own.
SESSION = Column(
    "session",
    _("Study session"),
    Refers("session"),
    required=True,
    aliases=("学习活动编号", "session reference"),
    writes="new",
    example="S-0001",
)
