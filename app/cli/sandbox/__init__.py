"""`selfmod sandbox`."""

import typer

from app.cli.group import Verbs
from app.cli.sandbox import probe, run

app = typer.Typer(
    cls=Verbs,
    help="The sandbox that tests are run in: what this host can do, and the tests of a folder.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.command("probe")(probe.probe)
app.command("run")(run.run)
