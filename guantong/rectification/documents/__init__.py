"""The papers on one record of rectification, as its page offers them."""

from django.utils.translation import gettext_lazy as _

from guantong.kit.documents import RecordDocument
from guantong.records.escalation import supervised_kinds
from guantong.rectification.documents.inspections import inspection_checklist, inspection_feedback
from guantong.rectification.documents.supervision import supervision_sheet
from guantong.rectification.documents.verifications import verification_form

DOCUMENTS = (
    RecordDocument(
        "supervision-sheet",
        _("Supervision sheet"),
        tuple(kind.name for kind in supervised_kinds()),
        supervision_sheet,
    ),
    RecordDocument(
        "verification-form", _("Verification form"), ("verification",), verification_form
    ),
    RecordDocument(
        "inspection-checklist",
        _("Inspection checklist"),
        ("inspection",),
        inspection_checklist,
    ),
    RecordDocument(
        "inspection-feedback",
        _("Feedback on the inspection"),
        ("inspection",),
        inspection_feedback,
    ),
)
