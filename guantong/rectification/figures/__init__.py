"""The figures of rectification, in the order in which pages name them."""

from guantong.rectification.figures import problems as problems  # isort: skip
from guantong.rectification.figures import oversight as oversight  # isort: skip
from guantong.rectification.figures import revisits as revisits  # isort: skip
