"""The spreadsheets of research projects, findings and what these are turned into."""

from guantong.research.sheets.findings import FINDINGS
from guantong.research.sheets.projects import PROJECTS
from guantong.research.sheets.uses import POLICIES, PRACTICES

SHEETS = (PROJECTS, FINDINGS, POLICIES, PRACTICES)
