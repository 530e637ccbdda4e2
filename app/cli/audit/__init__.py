"""`selfmod audit`."""

import typer

from app.cli.audit import export, verify
from app.cli.group import Verbs

app = typer.Typer(
    cls=Verbs,
    help="The server's audit trail: a chain of records that can be proved. The environment names its database, as for "
    "selfmod serve.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.command("verify")(verify.verify)
app.command("export")(export.export)
