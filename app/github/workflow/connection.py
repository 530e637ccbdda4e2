"""The connection of a job: one token for everything, and the account that it belongs to.

A job's own token is an installation token of GitHub's Actions App: what it does is done by `github-actions[bot]`. The
same holds for a token that somebody made for an App of their own. *Unverified* against github.com: that GraphQL's
`viewer` names the account of such a token, and that `/apps/SLUG` tells the number of an App that is not public.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.github import values
from app.github.client import Client
from app.github.faults import Rejected
from app.github.host import GitHubHost
from app.github.place import Place
from app.github.tokens import PURPOSES, Brought
from app.github.workflow.remedies import remedied
from app.model.call import Call
from app.model.trouble import Gone
from app.settings import ServerSettings
from checks.model.errors import Refusal

SHARED = "github-actions"
"""The App whose account all workflows share."""
PUBLIC = "/apps/{}"
"""Where anybody may read of an App by its name."""
_VIEWER = "query { viewer { login databaseId } }"
_APPS = "Give the Action the workflow's own token, or one of an App's installation (actions/create-github-app-token)."


@dataclass(frozen=True, slots=True)
class Account:
    """Whom a token belongs to: `id` is the account's number, `app` the App's, `slug` the App's name."""

    login: str
    id: int
    app: int
    slug: str

    @property
    def shared(self) -> bool:
        """Whether every workflow of the repository acts as this account, and GitHub starts no workflow for what it
        does."""
        return self.slug == SHARED


class TokenClient(Client):
    """Says of a refusal which permission of the job was missing. `lacking` are those of writes, with the remedy."""

    def __init__(self, api_url: str, told: Callable[[Call], object], wait: Callable[[float], object]) -> None:
        super().__init__(api_url, told, wait)
        self.lacking: dict[str, str] = {}

    def call(self, purpose: str, *rest: Any, **named: Any) -> Any:
        try:
            return super().call(purpose, *rest, **named)
        except Rejected as error:
            raise self._explained(error, purpose) from None

    def graphql(self, purpose: str, *rest: Any, **named: Any) -> Any:
        try:
            return super().graphql(purpose, *rest, **named)
        except Rejected as error:
            raise self._explained(error, purpose) from None

    def _explained(self, error: Rejected, purpose: str) -> Rejected:
        made = remedied(error, purpose)
        if made.hint and "write" in PURPOSES.get(purpose, {}).values():
            self.lacking.setdefault(made.hint, str(made))
        return made


class Connection:
    """Everything with one token. `commit` is the one that the workflow runs for: the job is a check run of it."""

    def __init__(self, settings: ServerSettings, client: TokenClient, token: str, repository: str, commit: str) -> None:
        self.client = client
        self.place = Place(client, Brought(token), values.checked_repository(repository), 0)
        self._settings = settings
        self._commit = commit

    @cached_property
    def account(self) -> Account:
        """Whom the token belongs to. Raises Refusal for a person's: check runs are an App's to make."""
        seen = values.at(self.place.graphql("repository", _VIEWER, {}), "viewer")
        login, id = values.text(seen, "login"), values.number(seen, "databaseId")
        slug = login.removesuffix("[bot]")
        if slug == login or not id:
            raise Refusal(f"the token belongs to {login[:80] or 'nobody'}, which is no App's account.", _APPS)
        return Account(login, id, self._app(slug), slug)

    def host(self) -> GitHubHost:
        """The repository, with what this account made as its own."""
        account = self.account
        return GitHubHost(self.place, account.app, self._settings, lambda place: account.id, self.client.told)

    def close(self) -> None:
        """Ends the connections."""
        self.client.close()

    def _app(self, slug: str) -> int:
        """The App's number: as GitHub tells it, else as a check run of this App has it, such as the job's own."""
        try:
            if number := values.number(self.place.get("repository", PUBLIC.format(values.segment(slug))), "id"):
                return number
        except (Gone, Rejected):  # not public
            pass
        if self._commit:
            path = f"commits/{values.segment(self._commit)}/check-runs"
            for each in self.place.pages("check runs", path, within="check_runs"):
                if values.text(each, "app", "slug") == slug:
                    return values.number(each, "app", "id")
        raise Refusal(f"GitHub does not tell the number of the App {slug[:80]}.", _APPS)


def connect(
    settings: ServerSettings,
    token: str,
    repository: str,
    commit: str = "",
    told: Callable[[Call], object] = lambda call: None,
    wait: Callable[[float], object] = time.sleep,
) -> Connection:
    """Nothing is called yet. Raises Refusal where there is no token, or `repository` is not `owner/name`."""
    if not token:
        raise Refusal("there is no token to answer with.", "Leave the input token as it is: the workflow's own.")
    return Connection(settings, TokenClient(settings.api_url, told, wait), token, repository, commit)
