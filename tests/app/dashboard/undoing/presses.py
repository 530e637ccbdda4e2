"""A server on which people sign in, in memory: what was asked to be done is kept, GitHub is a function."""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.dashboard.pages import dashboard_routes
from app.dashboard.reading import Record
from app.dashboard.undoing.acting import Asked, Taken
from app.model.forge import Person
from app.settings import ServerSettings
from tests.app.dashboard.samples import PUBLIC, RECORD, SETTINGS, Shelf

COMMAND = "/selfmod rollback mod_4be1c0ffee12"
ANN = Person("ann", 11)
SIGNING = SETTINGS.model_copy(update={"client_id": "Iv23li0", "client_secret": SecretStr("the client's secret")})
MERGED = Shelf(undos={RECORD.id: COMMAND})


@dataclass
class Presses:
    """Keeps what was asked; `answer` is what becomes of it (raised where it is an exception)."""

    answer: Taken | Exception = Taken.ASKED
    stands: Asked | None = None
    seen: list[tuple[str, Person, str, str]] = field(default_factory=list)

    def take_back(self, record: Record, by: Person, why: str, press: str) -> Taken:
        self.seen.append((record.id, by, why, press))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def asked(self, record: Record, account: int = 0) -> Asked | None:
        return self.stands


def github(person: Person | Exception = ANN) -> Callable[[str, str, str], Person]:
    """Says who it is of every code."""

    def identify(code: str, verifier: str, back: str) -> Person:
        if isinstance(person, Exception):
            raise person
        return person

    return identify


def client_of(
    presses: Presses | None = None,
    person: Person | Exception = ANN,
    shelf: Shelf = MERGED,
    settings: ServerSettings = SIGNING,
) -> TestClient:
    """A browser that follows nothing by itself."""
    routes = dashboard_routes(settings, shelf, presses or Presses(), github(person))
    base = settings.public_url or PUBLIC
    return TestClient(Starlette(routes=routes), base_url=base, follow_redirects=False)


def sign_in(client: TestClient, next_: str = "/", code: str = "c0de") -> str:
    """Goes to GitHub and comes back with a code; where it leads to in the end."""
    there = client.get("/sign-in", params={"next": next_}).headers["location"]
    state = parse_qs(urlsplit(there).query)["state"][0]
    answer = client.get("/signed-in", params={"code": code, "state": state})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])
