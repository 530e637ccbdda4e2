"""`selfmod doctor`."""

import importlib
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.output import put
from app.cli.progress import steps
from app.cli.serving.installed import server_libraries
from checks.model.errors import Refusal
from checks.reports.safe import for_terminal

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.cli.doctor.line import Line, State
    from app.settings import ServerSettings


def doctor(
    repository: Annotated[
        str, typer.Option("--repo", metavar="OWNER/NAME", help="Also look at this repository's protection.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say what keeps the GitHub App from working, each with what to do about it: settings, sandbox, database,
    credentials, permissions, webhook and protection. It changes nothing at GitHub. Exit code 0: all is well. 1: there
    are warnings. 2: something does not work.

    Example: selfmod doctor --repo acme/shop
    """
    with server_libraries():  # before anything is looked at
        importlib.import_module("app.github.app")
        importlib.import_module("app.store.connect")
    with steps("looking at") as told:
        lines = list(_lines(repository, told))
    worst = max((each.state for each in lines), key=lambda state: state.code)
    put(json.dumps(_document(lines, worst), indent=2) if as_json else "\n".join(_table(lines)))
    raise typer.Exit(worst.code)


def _lines(repository: str, told: "Callable[[str], None]") -> "Iterator[Line]":
    from app import settings as environment
    from app.cli.doctor import machine
    from app.cli.doctor.line import failed, ok

    told("settings")
    try:
        settings = environment.read()
    except Refusal as refusal:
        yield failed("settings", refusal.reason, refusal.hint)
        told("sandbox")
        yield from machine.sandbox()
        return
    yield ok("settings", f"read; data in {settings.data_dir}")
    told("sandbox")
    yield from machine.sandbox()
    told("database")
    yield from machine.database(settings)
    told("GitHub")
    yield from _github(settings, repository)


def _github(settings: "ServerSettings", repository: str) -> "Iterator[Line]":
    from app.cli.doctor import hooks, protection, registration
    from app.cli.doctor.line import failed
    from app.github.app import connect
    from app.model.trouble import Gone, Unavailable

    try:
        app = connect(settings)
    except Refusal as refusal:
        yield failed("credentials", refusal.reason, refusal.hint)
        return
    try:
        yield from registration.clock(app)
        found, lines = registration.credentials(app)
        yield from lines
        if found is not None:
            yield from registration.wishes(found, settings.github_url)
            yield from registration.installations(app.granted(), found, settings.github_url)
            yield from hooks.configured(app, settings, registration.settings_page(found, settings.github_url))
            yield from hooks.delivered(app)
            yield registration.signing_in(found, settings)
            if repository:
                yield from protection.held(app, repository, settings.github_url)
        yield from hooks.reachable(settings)
    except (Gone, Unavailable) as error:
        yield failed("GitHub", str(error), "Try again later.")
    finally:
        app.close()


def _document(lines: "list[Line]", worst: "State") -> dict[str, object]:
    return {
        "state": worst.value,
        "lines": [
            {"what": each.what, "state": each.state.value, "seen": each.seen, "remedy": each.remedy} for each in lines
        ],
    }


def _table(lines: "list[Line]") -> Iterator[str]:
    longest = max(len(each.what) for each in lines)
    for each in lines:
        yield f"  {each.state.value:8}  {for_terminal(each.what):{longest}}  {for_terminal(each.seen)}"
        if each.remedy:
            yield f"{'':{longest + 14}}{for_terminal(each.remedy)}"
