from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "guantong.evidence"
    label = "evidence"
