"""The App connected to the stand-in over HTTP, with a store: what the tests of workflows and commands work with."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx
from pydantic import SecretStr

from app.github.app import App, connect
from app.github.host import GitHubHost
from app.model.job import Job, Kind
from app.settings import ServerSettings
from app.standin.server import StandIn
from app.standin.setup import AppCredentials
from app.standin.state import Comment, Pull, Repository
from app.store.connect import Store
from app.store.connect import connect as connect_store
from app.workflows.steps import Tools

REPOSITORY = "acme/shop"
FILES = {
    "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.12"\n',
    "src/shop/__init__.py": "",
    "src/shop/cart.py": "def total(prices):\n    return sum(prices)\n",
    "tests/test_cart.py": "from shop.cart import total\n\n\ndef test_total():\n    assert total([1, 2]) == 3\n",
}


@dataclass
class Forge:
    """A stand-in with one repository (ann: admin, bob and cyd: write, eve: read) that the App is installed on, the App
    and its store. `enqueued` are the jobs that workflows started."""

    github: StandIn
    credentials: AppCredentials
    installation: int
    settings: ServerSettings
    app: App
    store: Store
    tokens: dict[str, str]
    enqueued: list[Job] = field(default_factory=list)

    @property
    def repository(self) -> Repository:
        found = self.github.world.repository(REPOSITORY)
        assert found is not None
        return found

    @property
    def host(self) -> GitHubHost:
        """A fresh host: nothing is remembered from one job to the next."""
        return self.app.host(REPOSITORY, self.installation)

    def tools(self, cancelled: Callable[[], bool] = lambda: False) -> Tools:
        return Tools(self.host, self.store, self.settings, cancelled, self.enqueued.append, self.app)

    def job(self, kind: Kind, number: int = 0, **values: object) -> Job:
        return replace(Job(kind, REPOSITORY, self.installation, number), **values)  # type: ignore[arg-type]  # by name

    def client(self, login: str) -> httpx.Client:
        """The API as a person uses it."""
        return httpx.Client(base_url=self.github.url, headers={"Authorization": f"token {self.tokens[login]}"})

    def say(self, number: int, body: str, by: str) -> int:
        """A comment; its id."""
        with self.client(by) as client:
            answer = client.post(f"/repos/{REPOSITORY}/issues/{number}/comments", json={"body": body})
        assert answer.status_code == 201, answer.text
        return int(answer.json()["id"])

    def issue(self, title: str, by: str) -> int:
        with self.client(by) as client:
            answer = client.post(f"/repos/{REPOSITORY}/issues", json={"title": title})
        assert answer.status_code == 201, answer.text
        return int(answer.json()["number"])

    def pull(self, branch: str = "topic", files: dict[str, str] | None = None, by: str = "bob") -> Pull:
        """A pull request, by default with a function more."""
        changed = files or {"src/shop/cart.py": FILES["src/shop/cart.py"] + "\n\ndef count(prices):\n    return 0\n"}
        self.github.push(REPOSITORY, branch, changed, by=by)
        return self.github.open_pull(REPOSITORY, branch, by=by)

    def comments(self, number: int) -> list[Comment]:
        return self.repository.issues[number].comments

    def reactions(self, comment: int) -> list[str]:
        found = next(each for issue in self.repository.issues.values() for each in issue.comments if each.id == comment)
        return [each.content for each in found.reactions]


def settings_for(github: StandIn, credentials: AppCredentials, folder: Path) -> ServerSettings:
    return ServerSettings(
        app_id=credentials.app_id,
        private_key=SecretStr(credentials.private_key),
        webhook_secrets=(SecretStr(credentials.webhook_secret),),
        api_url=github.url,
        github_url=github.web_url,
        database_url=f"sqlite:///{folder}/data/selfmod.db",
        data_dir=folder / "data",
        public_url="http://127.0.0.1:1",
    )


def connected(github: StandIn, folder: Path, files: dict[str, str] | None = None) -> Forge:
    """A started stand-in's world, and everything connected to it."""
    github.organisation("acme", members=["ann", "bob", "cyd", "eve"], admins=["ann"])
    people = {"ann": "admin", "bob": "write", "cyd": "write", "eve": "read"}
    github.repository(REPOSITORY, FILES if files is None else files, collaborators=people)
    credentials = github.app()
    installation = github.install(credentials, [REPOSITORY])
    settings = settings_for(github, credentials, folder)
    store = connect_store(settings.database_url, settings.data_dir)
    tokens = {login: github.person(login) for login in (*people, "mallory")}
    return Forge(github, credentials, installation, settings, connect(settings), store, tokens)
