from django.apps import AppConfig


class BulletinsConfig(AppConfig):
    name = "guantong.bulletins"
    label = "bulletins"

    def ready(self) -> None:
        from guantong.bulletins.models import Edition
        from guantong.ledger.tracking import track

        # A bulletin's id is its record's: these entries belong to its story.
        track("edition", Edition, record="bulletin_id")
