"""How a route is declared, what its handler gets and gives, and what refuses.

A file of `routes/` has `ROUTES: tuple[Route, ...]`; `routes/__init__.py` names all of them. A handler is a plain
function `(Call) -> Answer` that runs in a thread under `World.lock` and raises `Problem` for what GitHub refuses."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlencode

from app.standin.auth import Caller
from app.standin.state import Account, App, Issue, Pull, Repository, World

DOCS = "https://docs.github.com/rest"


class Problem(Exception):
    """An answer that refuses: GitHub's `message`, `documentation_url` and, for 422, `errors`."""

    def __init__(
        self,
        status: int,
        message: str,
        errors: Sequence[Any] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers or {}
        self.body: dict[str, Any] = {"message": message, "documentation_url": DOCS, "status": str(status)}
        if errors:
            self.body["errors"] = list(errors)


def gone() -> Problem:
    return Problem(404, "Not Found")


def forbidden(message: str = "Resource not accessible by integration") -> Problem:
    return Problem(403, message)


def invalid(resource: str, field_name: str, code: str, message: str = "") -> Problem:
    """422 as GitHub words it. `code` is `missing_field`, `invalid`, `already_exists`, `custom`, …"""
    error = {"resource": resource, "field": field_name, "code": code} | ({"message": message} if message else {})
    return Problem(422, "Validation Failed", [error])


@dataclass(frozen=True)
class Answer:
    """`body` None is no body at all; `bytes` go out as they are with `content_type`."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json; charset=utf-8"


@dataclass(frozen=True)
class Call:
    """One request. `params` are the path's, `repository` is set where the path has `{owner}/{repo}`: it exists and the
    caller may see it. `body` is the JSON object that was sent, empty where there was none."""

    world: World
    caller: Caller
    method: str
    path: str
    params: dict[str, str]
    query: dict[str, str]
    body: Any
    headers: dict[str, str]
    found: Repository | None = None

    @property
    def repository(self) -> Repository:
        if self.found is None:
            raise gone()
        return self.found

    @property
    def login(self) -> str:
        return self.actor.login

    @property
    def actor(self) -> Account:
        """Who does it: a person, or the App's bot."""
        if self.caller.account is None:
            raise Problem(401, "Requires authentication")
        return self.caller.account

    @property
    def app(self) -> App | None:
        """The App whose installation token this is."""
        return self.caller.app

    def number(self, name: str = "number") -> int:
        return int(self.params[name]) if self.params[name].isdecimal() else 0

    def issue(self, name: str = "number") -> Issue:
        """The issue (or pull request) of this number, or 404."""
        found = self.repository.issues.get(self.number(name))
        if found is None:
            raise gone()
        return found

    def pull(self, name: str = "number") -> Pull:
        """The pull request of this number, or 404."""
        found = self.repository.pull(self.number(name))
        if found is None:
            raise gone()
        return found

    def want[T](self, name: str, kind: type[T]) -> T:
        """A field of the body that must be there, of this type; 422 as GitHub words it."""
        value = self.maybe(name, kind)
        if value is None:
            raise Problem(422, f'Invalid request.\n\n"{name}" wasn\'t supplied.')
        return value

    def maybe[T](self, name: str, kind: type[T]) -> T | None:
        """A field of the body that may be missing or null."""
        if not isinstance(self.body, dict):
            raise Problem(422, "Invalid request.\n\nBody should be a JSON object")
        value = self.body.get(name)
        if value is None:
            return None
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            word = {str: "a string", int: "an integer", bool: "a boolean", list: "an array", dict: "an object"}[kind]
            raise Problem(422, f"Invalid request.\n\nFor 'properties/{name}', {value!r} is not {word}.")
        return value

    @cached_property
    def page(self) -> tuple[int, int]:
        """(page, per_page), as GitHub bounds them."""
        page, size = self.query.get("page", "1"), self.query.get("per_page", "30")
        return (
            max(1, int(page) if page.isdecimal() else 1),
            min(100, max(1, int(size) if size.isdecimal() else 30)),
        )

    def paged(self, items: Sequence[Any], show: Callable[[Any], Any], wrap: str = "") -> Answer:
        """One page of them with GitHub's Link header; `wrap` is the field of the list in an object that also has
        `total_count`."""
        page, size = self.page
        last = max(1, -(-len(items) // size))
        shown = [show(item) for item in items[(page - 1) * size : page * size]]
        wanted = {"prev": page - 1, "next": page + 1, "last": last, "first": 1}
        links = [
            f'<{self.world.url}{quote(self.path)}?{urlencode(self.query | {"page": str(number)})}>; rel="{rel}"'
            for rel, number in wanted.items()
            if (rel in {"prev", "first"} and page > 1) or (rel in {"next", "last"} and page < last)
        ]
        body = {"total_count": len(items), wrap: shown} if wrap else shown
        return Answer(body, headers={"Link": ", ".join(links)} if links else {})


Handler = Callable[[Call], Answer]


@dataclass(frozen=True)
class Route:
    """`path` has `{name}` for one segment and `{name:path}` for the rest (slashes included).

    `needs` is what a caller must have:
    - `public`: nothing; `any`: any valid token; `user`: a person's token; `app`: a JSON Web Token of an App;
      `installation`: an installation's token; `client`: an App's ID and secret;
    - `resource:level` with GitHub's names of App permissions (`pull_requests:read`, `checks:write`), several with `|`
      where one of them is enough. An installation token must have it and reach the repository, else 403 "Resource not
      accessible by integration" (404 for a private repository that it does not reach). A person must have `role` in the
      repository: by default `read` for read and `write` for write.

    `body` are all fields that GitHub knows here: others are refused and recorded in `World.unknown`. None: any."""

    method: str
    path: str
    needs: str
    run: Handler
    body: tuple[str, ...] | None = ()
    role: str = ""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(
            re.sub(
                r"\\\{(\w+)(:path)?\\\}",
                lambda m: f"(?P<{m[1]}>.+)" if m[2] else f"(?P<{m[1]}>[^/]+)",
                re.escape(self.path),
            )
        )

    @property
    def wanted(self) -> list[tuple[str, str]]:
        """(resource, level) of which one is enough; empty for the words."""
        if ":" not in self.needs:
            return []
        return [(one.split(":")[0], one.split(":")[1]) for one in self.needs.split("|")]
