"""The spreadsheets of problems and measures."""

from guantong.rectification.sheets.measures import MEASURES
from guantong.rectification.sheets.problems import PROBLEMS

SHEETS = (PROBLEMS, MEASURES)
