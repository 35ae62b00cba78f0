from typing import Any

from django.apps import AppConfig
from django.db.models.fields.tuple_lookups import TupleIn

from guantong.kit.forms import say_what_lacks
from guantong.kit.sqlite import ask_by_one_column


class KitConfig(AppConfig):
    name = "guantong.kit"
    label = "kit"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        # Boxes take their sentences when they are declared, which other apps do once all are named.
        say_what_lacks()

    def ready(self) -> None:
        """Have SQLite asked in a way that it takes."""
        TupleIn.as_sqlite = ask_by_one_column  # type: ignore[attr-defined]
