"""Whether a repository's default branch is held by the gate of this very App."""

from collections.abc import Iterator

from app.cli.doctor.line import Line, failed, ok, warning
from app.github.app import App
from app.github.values import checked_repository
from app.model.protection import GATE
from app.model.trouble import Gone, Unavailable
from app.orchestrator.protected import Hold, hold
from app.views.gate import command
from checks.model.errors import Refusal


def held(app: App, repository: str, github_url: str) -> Iterator[Line]:
    """The installation on a repository and what its default branch requires."""
    what = checked_repository(repository)
    try:
        host = app.host(what, app.installation_of(what))
        branch = host.default_branch()
        required = host.required(branch)
    except Gone:
        yield failed(what, "the App is not installed there", "Install it, or add the repository to its installation.")
        return
    except Unavailable as error:
        yield failed(what, str(error), "Try again later.")
        return
    except Refusal as refusal:
        yield failed(what, refusal.reason, refusal.hint or "Look at the installation's permissions.")
        return
    remedy = f"Look at what changes, then add --apply: {command(what)}  (by hand: {github_url}/{what}/settings/rules)"
    match hold(required, app.app_id):
        case Hold.HELD:
            yield ok(what, f"{branch} requires {GATE} of this App")
        case Hold.ANYBODY:
            yield failed(what, f"{branch} requires {GATE} of anybody: whoever may write can set it", remedy)
        case Hold.OTHER:
            other = next(number for name, number in required.checks if name == GATE)
            yield failed(what, f"{branch} requires {GATE} of another App ({other})", remedy)
        case Hold.UNKNOWN:
            yield warning(what, f"what {branch} requires cannot be read", remedy)
        case Hold.NOT:
            yield warning(what, f"{branch} does not require {GATE}: nothing holds a merge", remedy)
