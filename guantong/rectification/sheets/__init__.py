"""The spreadsheets of rectification: one for each kind, and the weekly sheet of what is open."""

from guantong.rectification.sheets.drives import DRIVES
from guantong.rectification.sheets.inspections import INSPECTIONS
from guantong.rectification.sheets.measures import MEASURES
from guantong.rectification.sheets.problems import PROBLEMS
from guantong.rectification.sheets.revisits import REVISITS
from guantong.rectification.sheets.weekly import WEEKLY

SHEETS = (PROBLEMS, MEASURES, INSPECTIONS, DRIVES, REVISITS, WEEKLY)
