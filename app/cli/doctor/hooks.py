"""Whether what GitHub sends arrives."""

import time
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx

from app.cli.doctor.line import Line, failed, ok, warning
from app.github.app import App, Attempt
from app.github.client import certificates
from app.model.trouble import Gone, Unavailable
from app.settings import ServerSettings, is_loopback
from checks.model.errors import Refusal

PATH = "/webhooks/github"
DAY = 86_400.0
_ANSWER = 10.0
"""Seconds: what GitHub waits for an answer."""


def configured(app: App, settings: ServerSettings, page: str) -> Iterator[Line]:
    """Where GitHub sends webhooks, beside where this server is."""
    try:
        hook = app.hook_config()
    except (Gone, Refusal, Unavailable) as error:
        yield failed("webhook", f"its address cannot be read: {error}", f"Switch the webhook on at {page}")
        return
    wanted = f"{settings.public_url}{PATH}"
    if not hook.url:
        yield failed("webhook", "the App has none", f"Set {wanted if settings.public_url else 'it'} at {page}")
    elif not settings.public_url:
        seen = f"GitHub sends to {hook.url}; SELFMOD_PUBLIC_URL is not set"
        yield warning("webhook", seen, "Set it: links to details pages are made of it.")
    elif hook.url.rstrip("/") != wanted:
        yield failed(
            "webhook", f"GitHub sends to {hook.url}, this server is at {wanted}", f"Change one of them ({page})"
        )
    else:
        yield ok("webhook", f"GitHub sends to {hook.url}")
    if not hook.signed:
        yield failed("webhook", "it has no secret", f"Set the one of SELFMOD_WEBHOOK_SECRET at {page}")
    if hook.content_type not in ("json", ""):
        yield failed("webhook", f"its content type is {hook.content_type}", f"Choose application/json at {page}")
    if hook.insecure and not is_loopback(urlsplit(hook.url).hostname or ""):
        yield warning("webhook", "certificates are not checked", f"Enable SSL verification at {page}")


def delivered(app: App, now: float | None = None) -> Iterator[Line]:
    """How GitHub's last day of deliveries went."""
    try:
        attempts = app.attempts((time.time() if now is None else now) - DAY)
    except (Gone, Refusal, Unavailable) as error:
        yield warning("deliveries", f"they cannot be read: {error}", "Look at the App's page, Advanced.")
        return
    if not attempts:
        yield warning("deliveries", "none in a day", "Open a pull request where the App is installed.")
        return
    yield _of(attempts)


def _of(attempts: tuple[Attempt, ...]) -> Line:
    good = sum(each.ok for each in attempts)
    if good == len(attempts):
        return ok("deliveries", f"{good} of {good} arrived in a day")
    states = Counter(each.status for each in attempts if not each.ok)
    seen = f"{len(attempts) - good} of {len(attempts)} failed in a day: " + ", ".join(
        f"{count} × {status}" for status, count in states.most_common(3)
    )
    remedy = "The server asks for them again by itself; until then see that it is up and reachable."
    if any(status.startswith("401") for status in states):
        remedy = "401 is a wrong signature: the App's secret and SELFMOD_WEBHOOK_SECRET differ."
    # the newest first: what failed before it may be mended
    return warning("deliveries", seen, remedy) if attempts[0].ok else failed("deliveries", seen, remedy)


def reachable(settings: ServerSettings) -> Iterator[Line]:
    """Whether the server answers under its public address, as far as this machine can tell."""
    if not settings.public_url:
        return
    url = f"{settings.public_url}/healthz"
    try:
        answer = httpx.get(url, timeout=_ANSWER, verify=certificates())
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        seen = f"{url} cannot be reached from here ({type(error).__name__})"
        yield failed("server", seen, "Start it: selfmod serve  (or open the way to it: name, port, certificate)")
        return
    if answer.status_code == 200:
        yield ok("server", f"{url} answers")
    else:
        yield failed("server", f"{url} answers {answer.status_code}", "Look whether another server is at this address.")
