"""`selfmod config`."""

import json
from pathlib import Path
from typing import Annotated

import typer

from app.cli.group import Verbs
from app.cli.output import put
from app.cli.repository import settings_of

AS_JSON = typer.Option("--json", help="Changes nothing: it is JSON anyway.")

app = typer.Typer(
    cls=Verbs,
    help="The configuration of a repository, .github/selfmod.yml.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command()
def show(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A folder of the repository.")] = Path(),
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """Print the settings in force as JSON, the defaults filled in. Exit code 2 for a file that is not valid.

    Example: selfmod config show
    """
    put(json.dumps(settings_of(path).model_dump(mode="json"), indent=2))


@app.command()
def schema(as_json: Annotated[bool, AS_JSON] = False) -> None:
    """Print the JSON Schema of the file, for editors.

    Example: selfmod config schema > selfmod.schema.json
    """
    from checks import settings

    put(json.dumps(settings.json_schema(), indent=2))
