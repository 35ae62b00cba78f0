"""The addresses of records: /problems/, /r/412/, /P-0412, /search/."""

from django.urls import path, register_converter

from guantong.records.registry import kinds
from guantong.records.views import (
    linking,
    lists,
    moves,
    record,
    redacting,
    saving,
    several,
    showing,
)


class ReferenceConverter:
    regex = "[A-Za-z]{1,4}-[0-9]{4,9}"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value


class RecordConverter:
    """The id of a record; that of one that was hidden is negative (see records.operations)."""

    regex = "-?[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class KindConverter:
    regex = "|".join(kind.slug for kind in kinds()) or "(?!)"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(RecordConverter, "record")
register_converter(ReferenceConverter, "reference")
register_converter(KindConverter, "kind")


urlpatterns = [
    path("search/", lists.search, name="search"),
    path("r/<record:record_id>/", record.show_record, name="record"),
    path("r/<record:record_id>/comments/", record.comment, name="comment"),
    path("r/<record:record_id>/follow/", record.follow, name="follow"),
    path("r/<record:record_id>/priority/", record.mark, name="mark-priority"),
    path("r/<record:record_id>/beside/", linking.put_beside, name="put-beside"),
    path("r/<record:record_id>/beside/<int:link_id>/", linking.take_away, name="take-from-beside"),
    path("r/<record:record_id>/redact/", redacting.redact, name="redact"),
    path("r/<record:record_id>/sight/", showing.show_to, name="sight"),
    path("r/<record:record_id>/<slug:name>/", moves.make_move, name="move"),
    path("<kind:slug>/several/", several.move_several, name="several"),
    path("<kind:slug>/views/", saving.save, name="save-view"),
    path("<kind:slug>/views/<int:view_id>/forget/", saving.forget, name="forget-view"),
    path("<kind:slug>/", lists.list_records, name="records"),
    path("<reference:reference>", lists.by_reference, name="reference"),
]
