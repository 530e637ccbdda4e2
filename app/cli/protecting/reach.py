"""The repository with a person's token, with the App's, or with both: whichever is there."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from app import settings as environment
from app.github import people, protection
from app.github.app import App, connect
from app.github.client import Client
from app.github.place import Place
from app.github.tokens import Brought
from app.github.values import checked_repository
from app.model.protection import Change, Seen
from app.model.trouble import Gone
from app.orchestrator.protected import Hold, hold, required
from checks.model.errors import Refusal


class Reach:
    """One repository. A person's token, where there is one, sees and writes; the App, where it is installed, is asked
    what it sees in the end, since that is what it goes by."""

    def __init__(self, place: Place, app_id: int, app: App | None) -> None:
        self.app_id = app_id
        self._place = place
        self._app = app

    def seen(self, branch: str) -> Seen:
        """All that holds the branch, the default one where it is not named."""
        return protection.seen(self._place, branch)

    def write(self, branch: str, change: Change) -> None:
        """Carries out one change."""
        protection.write(self._place, branch, change)

    def hold(self, seen: Seen) -> Hold:
        """Whether the gate is required now: as the App sees it, as `doctor` does; else as this token does."""
        if self._app is not None:
            with suppress(Gone, Refusal):
                host = self._app.host(self._place.repository, self._app.installation_of(self._place.repository))
                if (found := hold(host.required(seen.branch), self.app_id)) is not Hold.UNKNOWN:
                    return found
        found = hold(people.required(self._place, seen.branch), self.app_id)
        return hold(required(seen), self.app_id) if found in (Hold.UNKNOWN, Hold.NOT) else found


@contextmanager
def reached(repository: str, token: str, app_id: int | None) -> Iterator[Reach]:
    """Connects with what there is. Raises Refusal where that is nothing, or the App is not known."""
    what = checked_repository(repository)
    settings = environment.read()
    number = app_id or settings.app_id
    if number is None:
        raise Refusal(
            "which App is to report the gate is not known.",
            "Set SELFMOD_APP_ID and its key as the server has them, or name the App's number with --app.",
        )
    own = settings.app_id == number and bool(settings.private_key.get_secret_value())
    app = connect(settings) if own else None
    client = Client(settings.api_url)
    try:
        if token:
            place = Place(client, Brought(token), what, 0)
        elif app is not None:
            try:
                place = Place(client, app.tokens, what, app.installation_of(what))
            except Gone:
                raise Refusal(f"the App is not installed on {what}.", "Install it, or set GITHUB_TOKEN.") from None
        else:
            raise Refusal("there is no token to look with.", "Set GITHUB_TOKEN, or --token-file.")
        yield Reach(place, number, app)
    finally:
        client.close()
        if app is not None:
            app.close()
