"""Every write of imports: staging, applying, releasing."""

from guantong.exchange.operations.importing import Outcome, import_file
from guantong.exchange.operations.releasing import CannotRelease, release_run

__all__ = ["CannotRelease", "Outcome", "import_file", "release_run"]
