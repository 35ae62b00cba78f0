"""The kinds of record that rectification adds, in the order in which pages name them."""

from guantong.rectification.kinds import problems as problems  # isort: skip
from guantong.rectification.kinds import inspections as inspections  # isort: skip
from guantong.rectification.kinds import drives as drives  # isort: skip
from guantong.rectification.kinds import revisits as revisits  # isort: skip
from guantong.rectification.kinds import proposals as proposals  # isort: skip
