"""The command `guantong`: hands its words to Django's management commands and speaks plainly."""

import argparse
import difflib
import locale
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.core.management import BaseCommand

DONE, FAILED, MISUSED, INTERRUPTED = 0, 1, 2, 130


def main() -> None:
    """Run what stands on the command line, and leave with an exit code that means something."""
    from guantong.project.environment import WrongSetting

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guantong.project.settings")
    try:
        sys.exit(run(sys.argv[1:]))
    except WrongSetting as wrong:
        print(wrong.told_in(terminal_language()), file=sys.stderr)
        sys.exit(MISUSED)
    except KeyboardInterrupt:
        print(file=sys.stderr)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has had enough, as in `guantong export problems | head`.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(DONE)


def run(words: list[str]) -> int:
    """Run one command; return its exit code."""
    import django
    from django.utils import translation

    django.setup()
    translation.activate(terminal_language())
    if not words or words[0] in ("-h", "--help", "help"):
        print(overview())
        return DONE
    if words[0] == "--version":
        print(version())
        return DONE
    from django.core.management import get_commands

    if words[0] not in get_commands():
        print(unknown(words[0]), file=sys.stderr)
        return MISUSED
    return run_known(words)


def run_known(words: list[str]) -> int:
    """Run a command that exists; say what failed in a sentence, and keep the stack in the log."""
    import logging

    from django.conf import settings
    from django.core.management import CommandError
    from django.core.management.base import SystemCheckError
    from django.db import connections
    from django.utils.translation import gettext

    from guantong.project.failures import sentence_of

    try:
        # Records and keys are for the account that runs this, and for nobody else on the machine.
        settings.HOME.mkdir(mode=0o700, parents=True, exist_ok=True)
        execute(words)
    except (KeyboardInterrupt, BrokenPipeError):
        raise
    except SystemExit as leaving:
        return exit_code(leaving)
    except (CommandError, SystemCheckError) as refusal:
        print(refusal, file=sys.stderr)
        return refusal.returncode
    except Exception as failure:
        if settings.DEBUG:
            raise
        logging.getLogger("guantong.command").exception("guantong %s", " ".join(words[:1]))
        if sentence := sentence_of(failure):
            print(sentence, file=sys.stderr)
            return FAILED
        why = (str(failure) or type(failure).__name__).strip().rstrip(".")
        print(gettext("That did not work: %(why)s.") % {"why": why}, file=sys.stderr)
        where = settings.HOME / "logs" / "guantong.log"
        print(gettext("The details are in %(file)s.") % {"file": where}, file=sys.stderr)
        return FAILED
    finally:
        connections.close_all()
    return DONE


def execute(words: list[str]) -> None:
    """Run a command as Django would, but let its refusals come through to be said plainly."""
    from django.core.management import get_commands, load_command_class
    from django.core.management.base import BaseCommand, handle_default_options

    found = get_commands()[words[0]]
    command = found if isinstance(found, BaseCommand) else load_command_class(found, words[0])
    # Django's own options would drown ours in the help; they work all the same.
    command.suppressed_base_arguments = {
        *("--version", "--verbosity", "--settings", "--pythonpath", "--traceback"),
        *("--no-color", "--force-color", "--skip-checks"),
    }
    # Else a wrong option would raise instead of showing the usage.
    command._called_from_command_line = True  # type: ignore[attr-defined]
    options = vars(command.create_parser("guantong", words[0]).parse_args(words[1:]))
    handle_default_options(argparse.Namespace(**options))
    command.execute(*options.pop("args", ()), **options)


def exit_code(leaving: SystemExit) -> int:
    """Return the code with which a command has left."""
    if leaving.code is None:
        return DONE
    return leaving.code if isinstance(leaving.code, int) else FAILED


def terminal_language() -> str:
    """Return the language to speak in: the one that is set, else the terminal's."""
    from guantong.project.environment import LANGUAGES

    chosen = LANGUAGES.get((os.environ.get("GUANTONG_LANGUAGE") or "").lower())
    if chosen:
        return chosen
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    return "zh-hans" if (locale.normalize(spoken or "C")).startswith("zh") else "en"


def own_commands() -> dict[str, "BaseCommand"]:
    """Return the commands that this project brings, by name; Django's own are not for users."""
    from django.core.management import get_commands, load_command_class

    return {
        name: load_command_class(app, name)
        for name, app in sorted(get_commands().items())
        if isinstance(app, str) and app.startswith("guantong.")
    }


def overview() -> str:
    """Return what `guantong --help` says: each command with the first sentence of its help."""
    from django.utils.translation import gettext

    lines = {name: first_line(command.help) for name, command in own_commands().items()}
    width = max((len(name) for name in lines), default=0)
    return "\n".join(
        [
            gettext("Guantong: one thread from study to result."),
            "",
            gettext("Usage: guantong COMMAND [OPTIONS]; “guantong COMMAND --help” explains one."),
            "",
            *(f"  {name:<{width}}  {line}" for name, line in lines.items()),
        ]
    )


def first_line(text: object) -> str:
    """Return the first line of a command's help."""
    return next(iter(str(text).strip().splitlines()), "")


def unknown(word: str) -> str:
    """Return a sentence on a command that does not exist, with those that it may have meant."""
    from django.utils.translation import gettext

    near = difflib.get_close_matches(word, own_commands(), n=3, cutoff=0.5)
    if near:
        return gettext("There is no command “%(word)s”. Did you mean %(near)s?") % {
            "word": word,
            "near": ", ".join(f"“{name}”" for name in near),
        }
    return gettext("There is no command “%(word)s”. “guantong --help” lists them.") % {"word": word}


def version() -> str:
    """Return the installed version."""
    from importlib.metadata import version as version_of

    return version_of("guantong")


if __name__ == "__main__":
    main()
