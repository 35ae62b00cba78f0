"""Where log lines go: a file below the installation's home, made when the first line comes."""

import contextlib
import logging
import logging.handlers
import sys
from io import TextIOWrapper
from pathlib import Path


class HomeFileHandler(logging.handlers.WatchedFileHandler):
    """Appends to one file, whose folder is made on the first line and not before.

    Where nothing can be written (a full disk, a folder that is closed) the line is lost, and the
    work that it speaks of goes on.
    """

    def __init__(self, filename: str) -> None:
        super().__init__(filename, encoding="utf-8", delay=True)

    def _open(self) -> TextIOWrapper:
        Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
        return super()._open()

    def emit(self, record: logging.LogRecord) -> None:
        with contextlib.suppress(OSError):
            super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:
        if not isinstance(sys.exc_info()[1], OSError):
            super().handleError(record)
