"""The spreadsheets of problems, measures, inspections and special rectifications."""

from guantong.rectification.sheets.drives import DRIVES
from guantong.rectification.sheets.inspections import INSPECTIONS
from guantong.rectification.sheets.measures import MEASURES
from guantong.rectification.sheets.problems import PROBLEMS

SHEETS = (PROBLEMS, MEASURES, INSPECTIONS, DRIVES)
