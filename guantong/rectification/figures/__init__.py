"""The figures of rectification."""

from guantong.rectification.figures import problems as problems  # isort: skip
from guantong.rectification.figures import oversight as oversight  # isort: skip
