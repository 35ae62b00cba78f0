"""Builds what a wheel carries beside code: compiled catalogues and collected static files."""

import subprocess
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithCataloguesAndAssets(build_py):
    """Builds the modules as ever, then what is made from them."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        package = (Path(self.build_lib) / "guantong").resolve()
        for maker, target in (("translations", package), ("assets", package / "static-built")):
            command = [sys.executable, "-m", f"guantong.project.{maker}", str(target)]
            subprocess.run(command, cwd=Path(__file__).parent, check=True)


setup(cmdclass={"build_py": BuildWithCataloguesAndAssets})
