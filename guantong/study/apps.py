from django.apps import AppConfig


class StudyConfig(AppConfig):
    name = "guantong.study"
    label = "study"

    def ready(self) -> None:
        from guantong.ledger.tracking import track
        from guantong.records.searching import index_said
        from guantong.study.models import Attendance, Contribution, Series

        track("series", Series)
        # A session's id is its record's: these entries belong to the session's story.
        track("contribution", Contribution, record="session_id")
        index_said("contribution", Contribution, "topic", on=["session"], record="session_id")
        track("attendance", Attendance, record="session_id")
