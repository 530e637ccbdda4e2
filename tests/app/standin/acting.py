"""Persons and Apps that act at a stand-in over HTTP, for its tests."""

from dataclasses import dataclass, field
from typing import Any

import httpx

from app.standin import auth, events, moves
from app.standin.server import StandIn
from app.standin.setup import AppCredentials
from app.standin.state import Pull, Run

SHOP = "acme/shop"
FILES = {"shop.py": "price = 1\n", "README.md": "# Shop\n"}


@dataclass
class Acting:
    """An organisation `acme` with a repository that `ann` and `bob` may write to, `meg` maintain, `ada` administer, and
    `eve` only read. `requests` are all that was asked, newest last."""

    github: StandIn
    tokens: dict[str, str] = field(default_factory=dict)

    @classmethod
    def at(cls, github: StandIn, private: bool = False) -> "Acting":
        github.organisation("acme", admins=["ada"])
        roles = {"ann": "write", "bob": "write", "meg": "maintain", "ada": "admin", "eve": "read"}
        github.repository(SHOP, FILES, collaborators=roles, private=private)
        return cls(github, {login: github.person(login) for login in roles})

    def ask(self, login: str, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """A request as this person, or with `login` as the token where there is no such person. `path` without a slash
        in front lies in the repository."""
        token = self.tokens.get(login, login)
        url = self.github.url + (path if path.startswith("/") else f"/repos/{SHOP}/{path}")
        with httpx.Client(trust_env=False, timeout=30) as client:
            return client.request(method, url, json=body, headers={"authorization": f"Bearer {token}", **headers})

    def graphql(self, login: str, query: str, **variables: Any) -> dict[str, Any]:
        answer = self.ask(login, "POST", "/graphql", {"query": query, "variables": variables})
        assert answer.status_code == 200, answer.text
        value: dict[str, Any] = answer.json()
        return value

    def pull(self, branch: str = "topic", by: str = "ann", draft: bool = False, **files: str) -> Pull:
        """A pull request of one commit."""
        changed = {name.replace("_py", ".py"): text for name, text in files.items()} or {"shop.py": "price = 2\n"}
        self.github.push(SHOP, branch, changed, by=by, message=f"Change of {branch}")
        return self.github.open_pull(SHOP, branch, by=by, title=f"Change {branch}", draft=draft)

    def app(self, name: str = "selfmod", **more: Any) -> AppCredentials:
        """An App that is installed on the repository."""
        made = self.github.app(name=name, owner="ada", **more)
        self.github.install(made, [SHOP])
        return made

    def token(self, app: AppCredentials, **permissions: str) -> str:
        """A token of the App's installation; with `permissions` no more than these."""
        world = self.github.world
        installation = next(each for each in world.installations.values() if each.app.id == app.app_id)
        granted = {"metadata": "read", **permissions} if permissions else installation.permissions
        return auth.installation_token(world, installation, None, granted).value

    def report(self, app: AppCredentials, pull: Pull, name: str, conclusion: str | None) -> Run:
        """A check run of the App on the pull request's head; None: in progress."""
        world = self.github.world
        with world.lock:
            one = world.apps[app.app_id]
            suite = moves.suite(world, pull.repository, one, pull.head, pull.head_ref, "0" * 40, one.bot)
            run = world.new(
                Run,
                suite=suite,
                name=name,
                status="completed" if conclusion else "in_progress",
                conclusion=conclusion,
                started=world.now(),
                completed=world.now() if conclusion else None,
            )
            suite.runs.append(run)
            events.check_run(world, run, "completed" if conclusion else "created", one.bot)
            return run

    def protect(self, branch: str = "main", **changes: Any) -> httpx.Response:
        """Protection with nothing demanded but what is given."""
        body = {
            "required_status_checks": None,
            "enforce_admins": True,
            "required_pull_request_reviews": None,
            "restrictions": None,
        }
        answer = self.ask("ada", "PUT", f"branches/{branch}/protection", body | changes)
        assert answer.status_code == 200, answer.text
        return answer

    def approve(self, login: str, pull: Pull, event: str = "APPROVE") -> httpx.Response:
        return self.ask(login, "POST", f"pulls/{pull.number}/reviews", {"event": event, "body": "said"})

    def merge(self, login: str, pull: Pull, **body: Any) -> httpx.Response:
        return self.ask(login, "PUT", f"pulls/{pull.number}/merge", body)

    def tip(self, branch: str = "main") -> str:
        found = self.github.world.repositories[SHOP].git.tip(branch)
        assert found
        return found


def checks(*pinned: tuple[str, int], strict: bool = False) -> dict[str, Any]:
    """`required_status_checks` of protection, pinned to Apps."""
    return {
        "strict": strict,
        "contexts": [name for name, _ in pinned],
        "checks": [{"context": name, "app_id": app} for name, app in pinned],
    }


def reviews(count: int = 1, **more: Any) -> dict[str, Any]:
    return {"required_approving_review_count": count, **more}
