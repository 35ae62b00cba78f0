from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "guantong.campaigns"
    label = "campaigns"
