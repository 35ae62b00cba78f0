"""The spreadsheets with which a campaign is set up, and how cells name what it has."""

from guantong.campaigns.sheets import setting, studying

LOOKUPS = (*setting.LOOKUPS, *studying.LOOKUPS)
SHEETS = (*setting.SHEETS, *studying.SHEETS)
