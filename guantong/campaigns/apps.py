from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "guantong.campaigns"
    label = "campaigns"

    def ready(self) -> None:
        from guantong.campaigns.models import (
            Area,
            CalendarDay,
            Campaign,
            Goal,
            SessionFormat,
            StudyRequirement,
        )
        from guantong.ledger.tracking import track

        track("campaign", Campaign)
        track("goal", Goal)
        track("area", Area)
        track("working day", CalendarDay)
        track("session format", SessionFormat)
        track("study requirement", StudyRequirement)
