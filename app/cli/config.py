"""`selfmod config`."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.group import Verbs
from app.cli.output import put
from app.cli.repository import Found, file_of, settings_of
from checks.model.errors import Refusal
from checks.reports.safe import for_terminal

if TYPE_CHECKING:
    from checks.configuration.document import Location
    from checks.configuration.faults import Fault

INVALID = 2
FAILED = 1
MOST_READ = 1024 * 1024
"""Bytes of a file that is named outright; the parsers allow less."""

_PATH = typer.Argument(metavar="PATH", help="A folder of the repository, or the file itself.")
_JSON = typer.Option("--json", help="Print JSON.")

app = typer.Typer(
    cls=Verbs,
    help="The configuration of a repository, .github/selfmod.yml.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command()
def validate(path: Annotated[Path, _PATH] = Path(), as_json: Annotated[bool, _JSON] = False) -> None:
    """Say everything that is wrong with the configuration, each with its line and what would be valid. Exit code 0
    where nothing is, 2 where something is.

    Example: selfmod config validate
    """
    from checks import settings

    found = _found(path)
    read = None if found is None else settings.inspect(found.content)
    faults: tuple[Fault, ...] = () if read is None else read.faults
    place = settings.PLACE if found is None else found.place
    if as_json:
        rows = [{"line": each.line, "key": each.key, "reason": each.reason, "hint": each.hint} for each in faults]
        put(json.dumps({"place": place, "there": found is not None, "valid": not faults, "faults": rows}, indent=2))
    elif faults:
        put("\n".join(for_terminal(str(each.refusal(place))) for each in faults))
    else:
        put(f"{for_terminal(place)}: " + ("there is none: the defaults hold." if found is None else "valid."))
    if faults:
        raise typer.Exit(INVALID)


@app.command()
def show(path: Annotated[Path, _PATH] = Path(), as_json: Annotated[bool, _JSON] = False) -> None:
    """Print the settings in force, the defaults filled in, and where each comes from: a line of the file, or the
    default. Exit code 2 for a file that is not valid.

    Example: selfmod config show
    """
    from checks import settings
    from checks.configuration.reading import dumped

    found = _found(path)
    read = settings.inspect(b"" if found is None else found.content)
    place = settings.PLACE if found is None else found.place
    values = dumped(read.told(place))
    origins = {where: f"{place}:{line}" if line else "default" for where, line in read.origins()}
    if as_json:
        named = {".".join(map(str, where)): origin for where, origin in origins.items()}
        put(json.dumps({"settings": values, "origins": named}, indent=2))
    else:
        rows = list(_rows(values, origins))
        wide = min(max((len(text) for text, _ in rows), default=0), 60)
        put("\n".join(f"{text:{wide}}  # {for_terminal(origin)}" if origin else text for text, origin in rows))


def _rows(value: dict[str, Any], origins: "dict[Location, str]", above: "Location" = ()) -> Iterator[tuple[str, str]]:
    """Lines of YAML, each with where its value comes from. JSON is YAML too, and escapes what could confuse a
    terminal."""
    for key, each in value.items():
        where, indent = (*above, key), "  " * len(above)
        if where in origins:
            yield f"{indent}{key}: {_flat(each)}", origins[where]
        else:
            yield f"{indent}{key}:", ""
            yield from _rows(each, origins, where)


def _flat(value: object) -> str:
    plain = isinstance(value, str) and value.isascii() and value.replace("_", "").isalpha()
    return str(value) if plain else json.dumps(value)


@app.command()
def schema(
    as_json: Annotated[bool, typer.Option("--json", help="Changes nothing: it is JSON anyway.")] = False,
) -> None:
    """Print the JSON Schema of the file, for editors.

    Example: selfmod config schema > selfmod.schema.json
    """
    from checks import settings

    put(json.dumps(settings.json_schema(), indent=2))


@app.command()
def test(
    cases: Annotated[
        Path | None,
        typer.Argument(metavar="CASES", help="The file of cases; .github/selfmod-tests.yml where none is named."),
    ] = None,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Try the rules and sensitive paths of the configuration on cases, and say which predicate made the difference
    where one is not as expected. The level is what they demand; selfmod's own factors may raise it further. Exit code
    1 where a case fails.

    Example: selfmod config test
    """
    from checks import settings
    from checks.risk.cases import run

    in_force = settings_of(Path())
    found = file_of(Path(), settings.CASES) if cases is None else _named(cases)
    if found is None:
        raise Refusal(f"{settings.CASES}: there is none.", "Write one, or name another: selfmod config test FILE")
    ran = [run(case, in_force.policy, in_force.risk) for case in settings.read_cases(found.content, found.place).cases]
    failed = sum(bool(each.faults) for each in ran)
    if as_json:
        rows = [
            {
                "name": each.name,
                "passed": not each.faults,
                "level": each.level.value,
                "approvers": each.approvers,
                "rules": each.rules,
                "faults": each.faults,
            }
            for each in ran
        ]
        put(json.dumps({"place": found.place, "failed": failed, "cases": rows}, indent=2))
    else:
        lines = [f"{len(ran)} cases, {failed} failed" if failed else f"{len(ran)} cases passed"]
        for each in ran:
            lines.append(f"  {'failed' if each.faults else 'passed'}  {each.name}")
            lines += [f"          {fault}" for fault in each.faults]
        put("\n".join(map(for_terminal, lines)))
    if failed:
        raise typer.Exit(FAILED)


def _found(path: Path) -> Found | None:
    """The configuration at a path: the file itself, or that of the repository around a folder."""
    from checks import settings

    return _named(path) if path.suffix in (".yml", ".yaml") and not path.is_dir() else file_of(path, settings.PLACE)


def _named(path: Path) -> Found:
    """A file that a person names outright. Raises Refusal for what is no regular file, or cannot be read."""
    try:
        if path.exists() and not path.is_file():
            raise Refusal(f"{path}: this is not a regular file.", "Name a file.")
        with path.open("rb") as file:
            return Found(file.read(MOST_READ), os.fspath(path))
    except OSError as error:
        raise Refusal(f"{path} cannot be read: {error.strerror}.", "Name a file that you may read.") from None
