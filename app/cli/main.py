"""The command line: verbs, what every verb does with refusals and Ctrl-C, and nothing else."""

import sys
from importlib import import_module
from typing import Annotated

import typer

from app.cli.group import INTERRUPTED, Verbs, end_cleanly, version
from app.cli.spelling import spelled

VERBS: dict[str, str] = {
    "review": "app.cli.review",
    "validate": "app.cli.validate",
    "fix": "app.cli.fix",
    "status": "app.cli.deciding.status",
    "approve": "app.cli.deciding.approve",
    "reject": "app.cli.deciding.reject",
    "apply": "app.cli.deciding.apply",
    "rebase": "app.cli.deciding.rebase",
    "rollback": "app.cli.rollback",
    "explain": "app.cli.explain",
    "demo": "app.cli.showing.demo",
    "smoke": "app.cli.showing.smoke",
    "serve": "app.cli.serving.serve",
    "worker": "app.cli.serving.worker",
    "doctor": "app.cli.doctor.command",
    "protect": "app.cli.protecting.command",
    "stop": "app.cli.stopping.stop",
    "resume": "app.cli.stopping.resume",
}
"""Where each verb lies: the module has a function of the verb's name."""
GROUPS: dict[str, str] = {"config": "app.cli.config", "sandbox": "app.cli.sandbox", "audit": "app.cli.audit"}
"""Where what has verbs of its own lies: the module's `app`."""


def _shown(wanted: bool) -> None:
    if wanted:
        typer.echo(f"selfmod {version()}")
        raise typer.Exit


def _options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", callback=_shown, is_eager=True)
    ] = False,
) -> None:
    """Options of the program itself."""


def program(word: str = "") -> typer.Typer:
    """The command with the verb that `word` names and no other, since loading them all takes a tenth of a second; with
    all of them where it names none."""
    made = typer.Typer(
        name="selfmod",
        cls=Verbs,
        help="Finds and fixes faults in Python projects, and says of any change how risky it is. Foreign code runs "
        "only in a sandbox.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    made.callback()(_options)
    known = word in VERBS or word in GROUPS
    for name, place in VERBS.items():
        if name == word or not known:
            made.command(name)(getattr(import_module(place), name))
    for name, place in GROUPS.items():
        if name == word or not known:
            made.add_typer(import_module(place).app, name=name)
    return made


def run() -> None:
    """The entry point of the installed command."""
    try:
        end_cleanly()
        words = spelled(sys.argv[1:])
        program(*words[:1])(args=words, prog_name="selfmod")
    except KeyboardInterrupt:  # before or after the verb's own work
        sys.exit(INTERRUPTED)
