"""Whether a repository's default branch is held by the gate of this very App."""

from collections.abc import Iterator

from app.cli.doctor.line import Line, failed, ok, warning
from app.github.app import App
from app.github.values import checked_repository
from app.model.trouble import Gone, Unavailable
from checks.model.errors import Refusal

GATE = "selfmod/gate"


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
    page = f"{github_url}/{what}/settings/rules"
    apps = {number for name, number in required.checks if name == GATE}
    if app.app_id in apps:
        yield ok(what, f"{branch} requires {GATE} of this App")
    elif 0 in apps:
        seen = f"{branch} requires {GATE} of anybody: whoever may write can set it"
        yield failed(what, seen, f"Choose this App as its source at {page}")
    elif apps:
        yield failed(what, f"{branch} requires {GATE} of another App ({apps.pop()})", f"Choose this App at {page}")
    elif not required.known:
        yield warning(what, f"what {branch} requires cannot be read", f"Look whether {GATE} is required at {page}")
    else:
        seen = f"{branch} does not require {GATE}: nothing holds a merge"
        yield warning(what, seen, f"Require it, with this App as its source, at {page}")
