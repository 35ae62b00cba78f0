"""Where log lines go: a file below the installation's home, made when the first line comes."""

import logging.handlers
from io import TextIOWrapper
from pathlib import Path


class HomeFileHandler(logging.handlers.WatchedFileHandler):
    """Appends to one file, whose folder is made on the first line and not before."""

    def __init__(self, filename: str) -> None:
        super().__init__(filename, encoding="utf-8", delay=True)

    def _open(self) -> TextIOWrapper:
        Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
        return super()._open()
