"""What a document on paper is made of, and its writers: PDF by typst, DOCX by python-docx.

A document is described once (`declaring`) and written twice (`pdf`, `docx`); what writes it knows
nothing of records. Lists and forms of the strands and published bulletins all come this way.
"""

from guantong.kit.documents.declaring import (
    Attachment,
    Block,
    Cell,
    Document,
    Ends,
    Heading,
    Items,
    Paragraph,
    Picture,
    RecordDocument,
    Rule,
    Run,
    Style,
    Table,
    runs_of,
)
from guantong.kit.documents.fonts import NoChineseFont

__all__ = [
    "Attachment",
    "Block",
    "Cell",
    "Document",
    "Ends",
    "Heading",
    "Items",
    "NoChineseFont",
    "Paragraph",
    "Picture",
    "RecordDocument",
    "Rule",
    "Run",
    "Style",
    "Table",
    "runs_of",
]
