from django.apps import AppConfig


class BulletinsConfig(AppConfig):
    name = "guantong.bulletins"
    label = "bulletins"

    def ready(self) -> None:
        from guantong.bulletins.models import Edition
        from guantong.bulletins.queries.editions import editions_kept
        from guantong.ledger.tracking import track
        from guantong.ledger.verification.derived import also_compare

        # A bulletin's id is its record's: these entries belong to its story.
        track("edition", Edition, record="bulletin_id")
        also_compare("edition", "html", editions_kept)
