"""Every write of visits."""

from guantong.visits.operations.changing import CannotChangeVisits, change_visits
from guantong.visits.operations.clearing import (
    CannotClearVisits,
    CannotExplainVisits,
    clear_visits,
    clear_visits_over_limits,
    explain_visits,
)
from guantong.visits.operations.ending import (
    CannotCancelVisits,
    CannotEnterNotMade,
    CannotMergeVisits,
    cancel_visits,
    enter_visits_not_made,
    merge_visits,
)
from guantong.visits.operations.joining import CannotJoinVisit, join_visit
from guantong.visits.operations.making import (
    CannotMakeVisits,
    CannotRegisterVisitsLate,
    CannotWriteUpVisits,
    make_visits,
    register_visits_late,
    write_up_visits,
)
from guantong.visits.operations.planning import (
    CannotPlanVisits,
    VisitDraft,
    adopt_visit_states,
    adopt_visits,
    enter_late_visits,
    plan_visits,
)

__all__ = [
    "CannotCancelVisits",
    "CannotChangeVisits",
    "CannotClearVisits",
    "CannotEnterNotMade",
    "CannotExplainVisits",
    "CannotJoinVisit",
    "CannotMakeVisits",
    "CannotMergeVisits",
    "CannotPlanVisits",
    "CannotRegisterVisitsLate",
    "CannotWriteUpVisits",
    "VisitDraft",
    "adopt_visit_states",
    "adopt_visits",
    "cancel_visits",
    "change_visits",
    "clear_visits",
    "clear_visits_over_limits",
    "enter_late_visits",
    "enter_visits_not_made",
    "explain_visits",
    "join_visit",
    "make_visits",
    "merge_visits",
    "plan_visits",
    "register_visits_late",
    "write_up_visits",
]
