from django.apps import AppConfig
from django.db.models.fields.tuple_lookups import TupleIn

from guantong.kit.sqlite import ask_by_one_column


class KitConfig(AppConfig):
    name = "guantong.kit"
    label = "kit"

    def ready(self) -> None:
        """Have SQLite asked in a way that it takes."""
        TupleIn.as_sqlite = ask_by_one_column  # type: ignore[attr-defined]
