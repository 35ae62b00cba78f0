"""What every record has, and the samples drawn of records."""

from guantong.records.models.comments import Comment
from guantong.records.models.draws import Draw, Drawn, Purpose
from guantong.records.models.papers import PaperDecision
from guantong.records.models.participants import Part, Participant, Partner
from guantong.records.models.records import (
    Follow,
    Link,
    LinkKind,
    LinkQuerySet,
    Record,
    RecordDetail,
    RecordQuerySet,
    StatePeriod,
    StatePeriodQuerySet,
    expression,
    restricted_seen_by,
    values_of,
)
from guantong.records.models.references import ReferenceCounter
from guantong.records.models.search import SearchText
from guantong.records.models.views import SavedView

__all__ = [
    "Comment",
    "Draw",
    "Drawn",
    "Follow",
    "Link",
    "LinkKind",
    "LinkQuerySet",
    "PaperDecision",
    "Part",
    "Participant",
    "Partner",
    "Purpose",
    "Record",
    "RecordDetail",
    "RecordQuerySet",
    "ReferenceCounter",
    "SavedView",
    "SearchText",
    "StatePeriod",
    "StatePeriodQuerySet",
    "expression",
    "restricted_seen_by",
    "values_of",
]
