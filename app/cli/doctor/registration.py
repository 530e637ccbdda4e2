"""What GitHub knows of the App: its credentials, permissions and events, and where it is installed."""

from collections.abc import Iterator, Mapping

from app.cli.doctor.line import Line, failed, ok, warning
from app.dashboard.registering import SIGNED_IN
from app.dashboard.signing.pages import offered
from app.github.app import App, Granted, Registered
from app.model.registration import EVENTS, PERMISSIONS
from app.model.trouble import Gone, Unavailable
from app.settings import ServerSettings
from checks.model.errors import Refusal

CLOCK = 30.0
"""Seconds that a clock may be wrong: a JSON Web Token is dated a minute back."""
_CLIENT = "SELFMOD_CLIENT_ID and SELFMOD_CLIENT_SECRET are"
_ACCESS = ("", "read", "write", "admin")


def clock(app: App) -> Iterator[Line]:
    """Whether GitHub can be reached and our clocks agree."""
    try:
        ahead = app.clock()
    except Unavailable as error:
        yield failed("GitHub", str(error), "Look at SELFMOD_GITHUB_API_URL, HTTPS_PROXY and SSL_CERT_FILE.")
        return
    except (Gone, Refusal):  # a server that wants credentials for its root
        ahead = None
    if ahead is not None and abs(ahead) > CLOCK:
        word = "behind" if ahead > 0 else "ahead"
        yield failed(
            "clock", f"this machine's clock is {abs(ahead):.0f} s {word}", "Let it follow a time server (NTP)."
        )
    else:
        yield ok("GitHub", f"{app.client.api_url} answers" + ("" if ahead is None else ", and the clocks agree"))


def credentials(app: App) -> tuple[Registered | None, list[Line]]:
    """The App as it is registered, None where GitHub does not accept the credentials."""
    try:
        found = app.registered()
    except (Refusal, Gone, Unavailable) as error:
        hint = error.hint if isinstance(error, Refusal) else ""
        reason = error.reason if isinstance(error, Refusal) else str(error)
        return None, [failed("credentials", reason, hint or "Compare SELFMOD_APP_ID and the private key with the App.")]
    if found.id != app.app_id:
        return None, [failed("credentials", f"GitHub knows the key as App {found.id}", "Correct SELFMOD_APP_ID.")]
    return found, [ok("credentials", f"App {found.id}, {found.slug or 'without a name'}, of {found.owner or 'nobody'}")]


def wishes(found: Registered, github_url: str) -> Iterator[Line]:
    """Whether the App asks for all that it needs, and for nothing else."""
    page = settings_page(found, github_url)
    lacking = lacks(found.permissions)
    if lacking:
        yield failed("permissions", f"the App lacks {', '.join(lacking)}", f"Add them at {page}/permissions")
    known = {each.name for each in PERMISSIONS}
    if more := sorted(name for name in found.permissions if name not in known):
        remedy = f"Take what nothing else needs away at {page}/permissions"
        yield warning("permissions", f"the App has more than selfmod uses: {', '.join(more)}", remedy)
    elif not lacking:
        yield ok("permissions", "all that is needed, and no more")
    missing = [each.name for each in EVENTS if each.name not in found.events]
    if missing:
        remedy = f"Tick them under Subscribe to events at {page}/permissions"
        yield failed("events", f"the App is not told of {', '.join(missing)}", remedy)
    else:
        yield ok("events", f"{len(EVENTS)} subscribed")


def lacks(permissions: Mapping[str, str]) -> list[str]:
    """What is needed and not there, as `checks: write`."""
    return [
        f"{each.name}: {each.access}"
        for each in PERMISSIONS
        if _rank(permissions.get(each.name, "")) < _rank(each.access)
    ]


def _rank(access: str) -> int:
    return _ACCESS.index(access) if access in _ACCESS else 0


def installations(granted: tuple[Granted, ...], found: Registered, github_url: str) -> Iterator[Line]:
    """Where the App is installed, and whether its owners agreed to what it asks for."""
    if not granted:
        page = f"{github_url}/apps/{found.slug}/installations/new"
        yield warning("installations", "the App is installed nowhere", f"Install it at {page}")
        return
    well = []
    for each in granted:
        if each.suspended:
            yield warning("installations", f"{each.installed.account}: suspended", f"Unsuspend it at {each.url}")
        elif lacking := lacks(each.permissions):
            seen = f"{each.installed.account} has not granted {', '.join(lacking)}"
            yield failed("installations", seen, f"Its owner accepts them at {each.url}")
        else:
            well.append(each.installed.account)
    if well:
        shown = ", ".join(well[:5]) + (f" and {len(well) - 5} more" if len(well) > 5 else "")
        yield ok("installations", f"{len(well)}: {shown}")


def signing_in(found: Registered, settings: ServerSettings) -> Line:
    """Whether people can sign in on the pages, which nothing else needs."""
    if not offered(settings):
        secret = settings.client_secret.get_secret_value()
        without = "SELFMOD_PUBLIC_URL is" if settings.client_id and secret else _CLIENT
        return ok("sign-in", f"nobody signs in on the pages, where {without} not set; nothing else needs it")
    page = settings_page(found, settings.github_url)
    if found.client_id and found.client_id != settings.client_id:
        seen = f"SELFMOD_CLIENT_ID is not this App's, which is {found.client_id}"
        return warning("sign-in", seen, f"Set it, and a client secret of this App, made at {page}")
    return ok("sign-in", f"GitHub is to list {settings.public_url}{SIGNED_IN} as a callback URL of the App")


def settings_page(found: Registered, github_url: str) -> str:
    """The page where the App is changed; an organisation's has another address than a person's."""
    if found.organisation:
        return f"{github_url}/organizations/{found.owner}/settings/apps/{found.slug}"
    return f"{github_url}/settings/apps/{found.slug}"
