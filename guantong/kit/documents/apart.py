"""Sets a document as PDF in a process of its own, which gives its memory back when it ends.

What sets a PDF keeps what it has worked out for the next one, and never lets go of it: a list of a
thousand entries leaves some 90 MB behind in a process that goes on.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import typst

PACKAGES = Path(__file__).resolve().parents[3]
REFUSED = 3


def compiled_apart(
    template: bytes, data: str, standards: Sequence[str], timestamp: int
) -> tuple[bytes, str]:
    """Return the PDF, or no bytes and what typst has against the document."""
    asked = {
        "template": base64.b64encode(template).decode(),
        "data": data,
        "standards": list(standards),
        "timestamp": timestamp,
    }
    # -P: whatever lies in the folder where somebody serves from is no module of ours.
    child = subprocess.run(
        [sys.executable, "-P", "-m", "guantong.kit.documents.apart"],
        input=json.dumps(asked).encode(),
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(PACKAGES)},
        check=False,
    )
    if child.returncode == 0:
        return child.stdout, ""
    if child.returncode == REFUSED:
        return b"", child.stderr.decode()
    raise RuntimeError(
        f"setting a PDF apart ended with {child.returncode}: {child.stderr[-500:]!r}"
    )


def main() -> int:
    asked = json.load(sys.stdin)
    try:
        content = typst.compile(
            base64.b64decode(asked["template"]),
            font_paths=typst.Fonts(),
            sys_inputs={"data": asked["data"]},
            pdf_standards=asked["standards"],
            timestamp=asked["timestamp"],
        )
    except typst.TypstError as error:
        sys.stderr.write(error.message)
        return REFUSED
    sys.stdout.buffer.write(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
