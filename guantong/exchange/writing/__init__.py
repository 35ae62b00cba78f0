"""What goes out: files with their errors, exports that can come back, and empty templates."""

from guantong.exchange.writing.errors import error_file
from guantong.exchange.writing.exports import CannotExport, export_rows
from guantong.exchange.writing.templates import template_of

__all__ = ["CannotExport", "error_file", "export_rows", "template_of"]
