"""Writes docs/reference/ from the code, with `python -m tests.reference`."""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import django
from django.utils import translation

from tests.architecture.order import ROOT

FOLDER = ROOT / "docs" / "reference"
DJANGOS = {"--help", "--skip-checks"}
MADE = "Made from the code by `python -m tests.reference`; a test holds it to that.\n"


def both(message: str) -> str:
    """Return a message in English and Chinese, once where they are the same."""
    with translation.override("en"):
        english = str(translation.gettext(str(message)))
    with translation.override("zh-hans"):
        chinese = str(translation.gettext(str(message)))
    return english if english == chinese else f"{english} {chinese}"


def lazily(message: object) -> str:
    """The same for a message that is translated when it is read."""
    said = []
    for language in ("en", "zh-hans"):
        with translation.override(language):
            said.append(str(message))
    return " ".join(dict.fromkeys(said))


def lifecycle_of(kind: object) -> str:
    """Return one kind's page: its states as a diagram, its transitions as a table."""
    from guantong.records.rules import WHO_LABELS

    cycle = kind.lifecycle
    lines = [f"# {lazily(kind.label)}", "", MADE, "```mermaid", "stateDiagram-v2"]
    lines += [f'  state "{both(state.label)}" as {state.name}' for state in cycle.states]
    lines.append(f"  [*] --> {cycle.initial}")
    if any(t.target and not t.sources for t in cycle.transitions):
        lines.append('  state "any that is not final 任何未终结状态" as open')
    for transition in cycle.transitions:
        for source in (transition.sources or ("open",)) if transition.target else ():
            if source != transition.target:
                lines.append(f"  {source} --> {transition.target} : {transition.name}")
    lines += [f"  {state.name} --> [*]" for state in cycle.states if state.is_final]
    lines += [
        "```",
        "",
        "| transition | from | to | by | needs |",
        "|---|---|---|---|---|",
    ]
    for transition in cycle.transitions:
        sources = transition.sources or ("any that is not final 任何未终结状态",)
        needs = [
            *(["a written reason"] if transition.needs_reason else []),
            *(["a second person"] if transition.is_second else []),
            *(need.replace("_", " ") for need in transition.needs),
        ]
        lines.append(
            f"| {both(transition.label)} `{transition.name}` | {', '.join(sources)} "
            f"| {transition.target or 'stays'} "
            f"| {'; '.join(both(WHO_LABELS[who]) for who in sorted(transition.by))} "
            f"| {', '.join(needs) or '–'} |"
        )
    return "\n".join(lines) + "\n"


COUNTED = """\
What holds for all of them:

- Counted are records that the viewer may see, of one campaign, as they stood at the end of the day.
- What hangs together with one of these (the problem that took up a finding, the measures of a
  problem) counts whoever may see it, but for restricted records that are kept from the viewer; and
  from the day on which both existed.
- Unannounced visits count, for everybody, once they are made.
- On a past day states, reopenings, closings, replies, until when a risk is accepted, when a problem
  is reviewed next and the units' tree are that day's. All else is as it is today: a record's unit,
  area and original due day, and who may see it.
- A unit's part is the unit with all beneath it. Parts by drive, sector or place may count a row
  more than once where it has several; then they say so.
"""


def figures_page() -> str:
    """Return every figure with its definition in words."""
    from guantong.figures.registry import figures

    lines = ["# Figures", "", MADE, COUNTED, "| figure | what is counted |", "|---|---|"]
    for figure in figures():
        with translation.override("en"):
            definition = str(figure.definition)
        lines.append(f"| {lazily(figure.label)} `{figure.code}` | {definition} |")
    return "\n".join(lines) + "\n"


def command_page(name: str) -> str:
    """Return what a command says of itself, its subcommands and their options."""
    from django.core.management import get_commands, load_command_class

    command = load_command_class(get_commands()[name], name)
    command.suppressed_base_arguments = {
        *("--version", "--verbosity", "--settings", "--pythonpath", "--traceback"),
        *("--no-color", "--force-color", "--skip-checks"),
    }
    parser = command.create_parser("guantong", name)
    return "\n".join([f"## guantong {name}", "", str(command.help), "", *options_of(parser)])


def options_of(parser: argparse.ArgumentParser, before: str = "") -> list[str]:
    """Return a line for each argument; how argparse itself lays them out changes with Python."""
    lines = []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for word, inner in action.choices.items():
                lines += options_of(inner, f"{before}{word} ")
        elif action.help != argparse.SUPPRESS and not DJANGOS & set(action.option_strings):
            lines.append(
                f"- `{before}{written(action)}`{f': {action.help}' if action.help else ''}"
            )
    return lines or ([f"- `{before.strip()}`"] if before else [])


def written(action: argparse.Action) -> str:
    """Return an argument as one types it."""
    values = "|".join(str(choice) for choice in action.choices or ())
    name = values or str(action.metavar or action.dest.upper())
    if not action.option_strings:
        return f"[{name}]" if action.nargs == "?" else name
    option = action.option_strings[-1]
    return option if action.nargs == 0 else f"{option} {name}"


def commands_page() -> str:
    """Return all commands, asked in a process of its own: their words are read when first met."""
    asked = [sys.executable, "-m", "tests.reference", "commands"]
    environment = {**os.environ, "GUANTONG_LANGUAGE": "en"}
    done = subprocess.run(
        asked, cwd=ROOT, env=environment, capture_output=True, check=True, text=True
    )
    return done.stdout


def say_commands() -> str:
    from guantong.project.command import own_commands

    pages = [command_page(name) for name in sorted(own_commands())]
    return "\n\n".join(["# Commands", MADE.strip(), *pages]) + "\n"


def pages() -> Iterator[tuple[Path, str]]:
    """Give every page of the reference with what it should say."""
    from guantong.records.registry import kinds

    index = ["# Reference", "", MADE, "- [Figures](figures.md)", "- [Commands](commands.md)", ""]
    index.append("Lifecycles, one for each kind of record:")
    index.append("")
    for kind in kinds():
        yield FOLDER / "lifecycles" / f"{kind.name}.md", lifecycle_of(kind)
        index.append(f"- [{lazily(kind.label)}](lifecycles/{kind.name}.md)")
    yield FOLDER / "figures.md", figures_page()
    yield FOLDER / "commands.md", commands_page()
    yield FOLDER / "README.md", "\n".join(index) + "\n"


def strangers(known: Iterable[Path]) -> set[Path]:
    """Return the pages that nothing in the code stands behind any more."""
    return set(FOLDER.rglob("*.md")) - set(known)


def main(names: list[str]) -> int:
    """Write the pages anew and take away those of what is no more; or say the commands."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    if names == ["commands"]:
        translation.activate("en")
        print(say_commands(), end="")
        return 0
    written = dict(pages())
    for path, text in written.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    for path in strangers(written):
        path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
