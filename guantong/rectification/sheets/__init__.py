"""The spreadsheets of problems, measures, inspections, special rectifications and revisits."""

from guantong.rectification.sheets.drives import DRIVES
from guantong.rectification.sheets.inspections import INSPECTIONS
from guantong.rectification.sheets.measures import MEASURES
from guantong.rectification.sheets.problems import PROBLEMS
from guantong.rectification.sheets.revisits import REVISITS

SHEETS = (PROBLEMS, MEASURES, INSPECTIONS, DRIVES, REVISITS)
