"""The spreadsheets of sessions, of who attended them, and of ideas."""

from guantong.study.sheets.attendance import ATTENDANCE
from guantong.study.sheets.ideas import IDEAS
from guantong.study.sheets.sessions import SESSIONS

SHEETS = (SESSIONS, ATTENDANCE, IDEAS)
