#!/usr/bin/env python
"""Django's own entry point, for developers; users have `guantong`."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guantong.project.settings")
    from django.conf import settings
    from django.core.management import execute_from_command_line

    # As `guantong` does: nothing can be kept in a folder that isn't there.
    settings.HOME.mkdir(mode=0o700, parents=True, exist_ok=True)
    execute_from_command_line(sys.argv)
