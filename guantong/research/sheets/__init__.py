"""The spreadsheets of research projects and findings."""

from guantong.research.sheets.findings import FINDINGS
from guantong.research.sheets.projects import PROJECTS

SHEETS = (PROJECTS, FINDINGS)
