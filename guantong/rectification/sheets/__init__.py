"""The spreadsheets of problems, measures and revisits."""

from guantong.rectification.sheets.measures import MEASURES
from guantong.rectification.sheets.problems import PROBLEMS
from guantong.rectification.sheets.revisits import REVISITS

SHEETS = (PROBLEMS, MEASURES, REVISITS)
