"""The App as a whole: who it is, where it is installed, what GitHub sent to it."""

import logging
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from app.github import values
from app.github.client import Answer, Client
from app.github.host import GitHubHost
from app.github.place import Place
from app.github.tokens import Tokens
from app.model.call import Call
from app.model.forge import Installed, Sent
from app.model.trouble import Gone
from app.settings import ServerSettings
from checks.model.errors import Refusal

DELIVERIES = 20_000
"""Attempts that are looked through at most, a hundred with each call: GitHub keeps those of three days."""
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Registered:
    """The App as GitHub has it registered. `organisation`: its owner is one, not a person."""

    id: int
    slug: str
    owner: str
    url: str
    permissions: Mapping[str, str]
    events: tuple[str, ...]
    organisation: bool
    client_id: str = ""


@dataclass(frozen=True, slots=True)
class Granted:
    """What the owner of an installation agreed to; less than the App asks for until later wishes are accepted."""

    installed: Installed
    permissions: Mapping[str, str]
    events: tuple[str, ...]
    suspended: bool
    url: str


@dataclass(frozen=True, slots=True)
class Hook:
    """Where GitHub sends webhooks. `signed`: there is a secret; `insecure`: certificates are not checked."""

    url: str
    content_type: str
    signed: bool
    insecure: bool


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to deliver a webhook; `status` is HTTP's answer in words, `ok` whether it was 2xx."""

    sent: Sent
    ok: bool
    status: str


class App:
    """Calls of the App itself, and the repositories of its installations. Safe to use from several threads."""

    def __init__(self, settings: ServerSettings, client: Client, tokens: Tokens, app_id: int) -> None:
        self.app_id = app_id
        self.client = client
        self.tokens = tokens
        self.settings = settings
        self._bot: int | None = None

    def host(self, repository: str, installation: int) -> GitHubHost:
        """One repository, as this installation sees it."""
        place = Place(self.client, self.tokens, values.checked_repository(repository), installation)
        return GitHubHost(place, self.app_id, self.settings, self._account, self.client.told)

    def registered(self) -> Registered:
        """The App as GitHub knows it."""
        data = self._get("app", "/app").data
        return Registered(
            id=values.number(data, "id"),
            slug=values.text(data, "slug"),
            owner=values.text(data, "owner", "login") or values.text(data, "owner", "slug"),
            url=values.text(data, "html_url"),
            permissions=_permissions(data),
            events=tuple(str(each) for each in values.items(data, "events")),
            organisation=values.text(data, "owner", "type") == "Organization",
            client_id=values.text(data, "client_id"),
        )

    def permissions(self) -> Mapping[str, str]:
        """What the App may ask for, by name: `read` or `write`."""
        return self.registered().permissions

    def clock(self) -> float | None:
        """Seconds by which GitHub's clock is ahead of ours, asked without credentials: a wrong clock makes them
        useless. None where it does not tell."""
        return ahead(self.client.call("clock", "GET", "/", lambda fresh: ""))

    def granted(self) -> tuple[Granted, ...]:
        """All installations, with what each agreed to."""
        return tuple(
            Granted(
                installed=Installed(values.number(each, "id"), values.text(each, "account", "login")),
                permissions=_permissions(each),
                events=tuple(str(event) for event in values.items(each, "events")),
                suspended=bool(values.text(each, "suspended_at")),
                url=values.text(each, "html_url"),
            )
            for each in self._pages("installations", "/app/installations")
        )

    def installations(self) -> tuple[Installed, ...]:
        """Those that are not suspended."""
        return tuple(each.installed for each in self.granted() if not each.suspended)

    def repositories(self, installation: int) -> tuple[tuple[str, int], ...]:
        """`owner/name` of each repository of an installation, and its number; archived ones are left out: nothing can
        be written."""
        authorization = self.tokens.authorization(installation, "", "repository")
        found = self.client.pages(
            "repository", "/installation/repositories", authorization, within="repositories", most=20_000
        )
        return tuple(
            (values.text(each, "full_name"), values.number(each, "id"))
            for each in found
            if values.at(each, "archived") is not True
        )

    def identity(self, repository: str, installation: int) -> tuple[int, str]:
        """The number of the repository of this name and its present name: GitHub sends who asks for an old one on to
        it. Raises Gone where there is none, or none for us."""
        self.tokens.forget(repository)
        facts = self.host(repository, installation).facts
        return values.number(facts, "id"), values.text(facts, "full_name")

    def installation_of(self, repository: str) -> int:
        """The number of the installation on a repository. Raises Gone where there is none."""
        data = self._get("installation", f"/repos/{values.checked_repository(repository)}/installation").data
        if number := values.number(data, "id"):
            return number
        raise Gone(f"the App is not installed on {repository}")

    def attempts(self, since: float) -> tuple[Attempt, ...]:
        """Tries to deliver webhooks since then, the newest first, `DELIVERIES` at most: that there were more is said in
        the log."""
        found: list[Attempt] = []
        for each in self._cursor("/app/hook/deliveries"):
            at = _seconds(values.text(each, "delivered_at"))
            if at < since:
                break
            if len(found) == DELIVERIES:
                told = (DELIVERIES, _moment(since), _moment(found[-1].sent.at))
                _LOG.warning("more than %d deliveries since %s: those before %s were not looked at", *told)
                break
            sent = Sent(values.number(each, "id"), values.text(each, "guid"), values.text(each, "event"), at)
            code = values.number(each, "status_code")
            found.append(Attempt(sent, 200 <= code < 300, f"{code} {values.text(each, 'status')}".strip()))
        return tuple(found)

    def deliveries(self, since: float) -> tuple[Sent, ...]:
        """What GitHub sent since then and this server did not accept, the oldest first; what a later attempt brought
        is not among them, and of several failed attempts only the last."""
        accepted, lost = set(), []
        for each in self.attempts(since):
            if each.ok or each.sent.guid in accepted:
                accepted.add(each.sent.guid)
            else:
                lost.append(each.sent)
        newest = {each.guid: each for each in reversed(lost) if each.guid not in accepted}
        return tuple(sorted(newest.values(), key=lambda each: each.at))

    def redeliver(self, id: int) -> None:
        """Asks GitHub to send it again, with the same GUID."""
        self.client.call(
            "deliveries", "POST", f"/app/hook/deliveries/{int(id)}/attempts", self.tokens.as_app, repeatable=True
        )

    def hook_config(self) -> Hook:
        """Where webhooks go."""
        data = self._get("hook", "/app/hook/config").data
        return Hook(
            url=values.text(data, "url"),
            content_type=values.text(data, "content_type"),
            signed=bool(values.text(data, "secret")),
            insecure=str(values.at(data, "insecure_ssl")) == "1",
        )

    def close(self) -> None:
        """Ends the connections."""
        self.client.close()

    def _account(self, place: Place) -> int:
        """The number of the App's own account, whose login is `slug[bot]`; found out once."""
        if self._bot is None:
            login = f"{self.registered().slug}[bot]"
            self._bot = values.number(place.get("repository", f"/users/{values.segment(login)}"), "id")
        return self._bot

    def _get(self, purpose: str, path: str) -> Answer:
        return self.client.call(purpose, "GET", path, self.tokens.as_app)

    def _pages(self, purpose: str, path: str) -> Iterator[Any]:
        return self.client.pages(purpose, path, self.tokens.as_app, most=20_000)

    def _cursor(self, path: str) -> Iterator[Any]:
        """All entries of a list that has cursors instead of page numbers."""
        cursor = ""
        while True:
            params = {"per_page": 100} | ({"cursor": cursor} if cursor else {})
            answer = self.client.call("deliveries", "GET", path, self.tokens.as_app, params=params)
            entries = values.items({"": answer.data}, "")
            yield from entries
            following = _next_cursor(answer.headers.get("link", ""))
            if not entries or not following or following == cursor:
                return
            cursor = following


def connect(
    settings: ServerSettings,
    told: Callable[[Call], object] = lambda call: None,
    wait: Callable[[float], object] = time.sleep,
) -> App:
    """The App that these settings name; nothing is called yet. `told` hears of every call. Raises Refusal where there
    are no credentials."""
    key = settings.private_key.get_secret_value()
    if settings.app_id is None or not key:
        raise Refusal("the App has no credentials.", "Open /setup of the server, or set SELFMOD_APP_ID and its key.")
    client = Client(settings.api_url, told, wait)
    return App(settings, client, Tokens(client, settings.app_id, key), settings.app_id)


def _permissions(data: Any) -> dict[str, str]:
    found = values.at(data, "permissions")
    return {str(name): str(access) for name, access in found.items()} if isinstance(found, Mapping) else {}


def _seconds(text: str) -> float:
    try:
        return datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError):
        return 0.0


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def ahead(answer: Answer) -> float | None:
    """By how many seconds the answer's `Date` is ahead of our clock."""
    try:
        return parsedate_to_datetime(answer.headers["date"]).timestamp() - time.time()
    except (KeyError, ValueError, TypeError):
        return None


def _next_cursor(link: str) -> str:
    for found in re.finditer(r'<([^<>]*)>\s*;\s*rel="next"', link):
        return parse_qs(urlsplit(found[1]).query).get("cursor", [""])[0]
    return ""
