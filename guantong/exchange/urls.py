"""The addresses of imports, exports, official lists and the papers on one record."""

from django.urls import path

from guantong.exchange.views import documents, exporting, importing, runs

urlpatterns = [
    path("import/", importing.imports, name="imports"),
    path("import/<int:draft_id>/", importing.show_draft, name="import-draft"),
    path("import/<int:draft_id>/drop/", importing.drop, name="import-drop"),
    path("import/<int:draft_id>/errors/", importing.errors, name="import-errors"),
    path("import/results/", runs.list_runs, name="import-runs"),
    path("import/results/<int:run_id>/", runs.show_run, name="import-run"),
    path("import/results/<int:run_id>/release/", runs.release, name="import-release"),
    path("import/results/<int:run_id>/turn-down/", runs.turn_down, name="import-turn-down"),
    path("import/templates/<slug:kind>.xlsx", exporting.template, name="template"),
    path("import/weekly-sheet.xlsx", exporting.weekly_sheet, name="weekly-sheet"),
    path("export/<slug:slug>.<str:form>", exporting.export_list, name="export"),
    path("export/files/<int:file_id>", exporting.written_file, name="written-file"),
    path(
        "official/<slug:name>/<str:language>.<str:form>", exporting.official_list, name="official"
    ),
    path(
        "r/<record:record_id>/documents/<slug:name>/<str:language>.<str:form>",
        documents.record_document,
        name="record-document",
    ),
]
