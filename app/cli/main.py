"""The command line: verbs, what every verb does with refusals and Ctrl-C, and nothing else."""

import sys
from typing import Annotated

import typer

from app.cli import audit, config, explain, fix, group, review, rollback, sandbox, validate
from app.cli.deciding import apply, approve, rebase, reject, status
from app.cli.doctor import command as doctor
from app.cli.group import INTERRUPTED, Verbs, end_cleanly
from app.cli.protecting import command as protect
from app.cli.serving import serve, worker
from app.cli.showing import demo, smoke
from app.cli.spelling import spelled
from app.cli.stopping import resume, stop

app = typer.Typer(
    name="selfmod",
    cls=Verbs,
    help="Finds and fixes faults in Python projects, and says of any change how risky it is. Foreign code runs only in "
    "a sandbox.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("review")(review.review)
app.command("validate")(validate.validate)
app.command("fix")(fix.fix)
app.command("status")(status.status)
app.command("approve")(approve.approve)
app.command("reject")(reject.reject)
app.command("apply")(apply.apply)
app.command("rebase")(rebase.rebase)
app.command("rollback")(rollback.rollback)
app.command("explain")(explain.explain)
app.add_typer(config.app, name="config")
app.add_typer(sandbox.app, name="sandbox")
app.add_typer(audit.app, name="audit")
app.command("demo")(demo.demo)
app.command("smoke")(smoke.smoke)
app.command("serve")(serve.serve)
app.command("worker")(worker.worker)
app.command("doctor")(doctor.doctor)
app.command("protect")(protect.protect)
app.command("stop")(stop.stop)
app.command("resume")(resume.resume)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"selfmod {group.version()}")
        raise typer.Exit


@app.callback()
def selfmod(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Options of the program itself."""


def run() -> None:
    """The entry point of the installed command."""
    try:
        end_cleanly()
        app(args=spelled(sys.argv[1:]), prog_name="selfmod")
    except KeyboardInterrupt:  # before or after the verb's own work
        sys.exit(INTERRUPTED)
