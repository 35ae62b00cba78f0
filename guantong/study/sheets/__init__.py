"""The spreadsheets of sessions, of who contributed to and attended them, and of ideas."""

from guantong.study.sheets.attendance import ATTENDANCE
from guantong.study.sheets.contributions import CONTRIBUTIONS
from guantong.study.sheets.ideas import IDEAS
from guantong.study.sheets.sessions import SESSIONS

SHEETS = (SESSIONS, CONTRIBUTIONS, ATTENDANCE, IDEAS)
