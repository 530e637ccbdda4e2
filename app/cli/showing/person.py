"""A person at GitHub: what somebody does there by hand, over the public REST API with that person's token.

Nothing here knows the stand-in. *Unverified* against github.com: tried against the stand-in alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from app.github.client import Client
from app.github.faults import Rejected
from app.model.trouble import Gone

BOT = "Bot"


@dataclass(frozen=True, slots=True)
class Pull:
    """A pull request as its page shows it. `merge_commit` is empty where it is not merged, `merged_by` too."""

    number: int
    title: str
    body: str
    open: bool
    merged: bool
    head: str
    branch: str
    base: str
    labels: tuple[str, ...]
    url: str
    author: str
    bot: bool
    merge_commit: str
    merged_by: str


@dataclass(frozen=True, slots=True)
class Note:
    """An annotation of a check run on a line."""

    path: str
    line: int
    title: str
    message: str


@dataclass(frozen=True, slots=True)
class Run:
    """A check run. `conclusion` is empty while it runs or waits; `app` is the number of the App that reports it."""

    id: int
    name: str
    conclusion: str
    title: str
    notes: int
    app: int
    summary: str

    @property
    def state(self) -> str:
        """As GitHub shows it."""
        return self.conclusion or "in progress"


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment, `bot` where an App wrote it."""

    id: int
    author: str
    bot: bool
    body: str


class Person:
    """One repository through the eyes and hands of one person. Every call raises what `Client.call` does."""

    def __init__(self, client: Client, token: str, repository: str) -> None:
        self.repository = repository
        self._client = client
        self._token = token
        self._login = ""

    @property
    def login(self) -> str:
        """Whose token it is."""
        self._login = self._login or str(self._call("GET", "/user")["login"])
        return self._login

    # ── the repository ──

    def place(self) -> Mapping[str, Any]:
        """What GitHub says of the repository, with `permissions` of this person."""
        found: Mapping[str, Any] = self._call("GET", self._path(""))
        return found

    def tip(self, branch: str) -> str:
        """The commit that a branch is at. Raises Gone where there is no such branch."""
        return str(self._call("GET", self._path(f"/git/ref/heads/{quote(branch)}"))["object"]["sha"])

    def tree(self, commit: str) -> str:
        """The hash of all files of a commit: equal trees have equal files."""
        return str(self._call("GET", self._path(f"/git/commits/{commit}"))["tree"]["sha"])

    def parent(self, commit: str) -> str:
        """The commit that a commit of the branch is on top of."""
        return str(self._call("GET", self._path(f"/git/commits/{commit}"))["parents"][0]["sha"])

    def commit(self, branch: str, files: Mapping[str, str], message: str, parent: str) -> str:
        """A new branch with one commit of these files on top of `parent`. Returns the commit."""
        entries = [{"path": path, "mode": "100644", "type": "blob", "content": text} for path, text in files.items()]
        tree = self._call("POST", self._path("/git/trees"), {"base_tree": self.tree(parent), "tree": entries})["sha"]
        body = {"message": message, "tree": tree, "parents": [parent]}
        made = str(self._call("POST", self._path("/git/commits"), body)["sha"])
        self._call("POST", self._path("/git/refs"), {"ref": f"refs/heads/{branch}", "sha": made})
        return made

    def branches(self, start: str) -> tuple[str, ...]:
        """Branches whose names begin so."""
        found = self._call("GET", self._path(f"/git/matching-refs/heads/{quote(start)}"))
        return tuple(str(each["ref"]).removeprefix("refs/heads/") for each in found)

    def delete_branch(self, branch: str) -> None:
        """No error where it is gone already."""
        self._gone("DELETE", f"/git/refs/heads/{quote(branch)}")

    def protect(self, branch: str, check: str, app: int) -> None:
        """Makes a branch require a check of one App, of administrators too. Takes an administrator."""
        checks = {"strict": False, "contexts": [check], "checks": [{"context": check, "app_id": app}]}
        body = {
            "required_status_checks": checks,
            "enforce_admins": True,
            "required_pull_request_reviews": None,
            "restrictions": None,
        }
        self._call("PUT", self._path(f"/branches/{quote(branch, safe='')}/protection"), body)

    def unprotect(self, branch: str) -> None:
        """No error where nothing protects it."""
        self._gone("DELETE", f"/branches/{quote(branch, safe='')}/protection")

    # ── issues and pull requests ──

    def open_issue(self, title: str, body: str) -> int:
        """The number of a new issue."""
        return int(self._call("POST", self._path("/issues"), {"title": title, "body": body})["number"])

    def open_pull(self, branch: str, base: str, title: str, body: str) -> int:
        """The number of a new pull request."""
        sent = {"title": title, "body": body, "head": branch, "base": base}
        return int(self._call("POST", self._path("/pulls"), sent)["number"])

    def close(self, number: int) -> None:
        """Closes an issue or pull request."""
        self._call("PATCH", self._path(f"/issues/{number}"), {"state": "closed"})

    def pull(self, number: int) -> Pull:
        """One pull request."""
        return _pull(self._call("GET", self._path(f"/pulls/{number}")))

    def pulls(self, base: str = "", opened: bool = False) -> tuple[Pull, ...]:
        """The newest hundred, of all branches or of those into one; with `opened` only open ones."""
        asked = {"state": "open" if opened else "all", "per_page": 100, "sort": "created", "direction": "desc"}
        answer = self._call("GET", self._path("/pulls"), params=asked | ({"base": base} if base else {}))
        return tuple(_pull(each) for each in answer)

    def say(self, number: int, text: str) -> int:
        """Comments on an issue or pull request. Returns the comment's number."""
        return int(self._call("POST", self._path(f"/issues/{number}/comments"), {"body": text})["id"])

    def comments(self, number: int) -> tuple[Comment, ...]:
        """The first hundred comments, the oldest first."""
        found = self._call("GET", self._path(f"/issues/{number}/comments"), params={"per_page": 100})
        return tuple(
            Comment(int(each["id"]), each["user"]["login"], each["user"]["type"] == BOT, each["body"] or "")
            for each in found
        )

    def receipts(self, comment: int) -> frozenset[str]:
        """The reactions to a comment (`eyes`, `rocket`, `confused`)."""
        found = self._call("GET", self._path(f"/issues/comments/{comment}/reactions"))
        return frozenset(str(each["content"]) for each in found)

    def approve(self, number: int, head: str) -> None:
        """Reviews a pull request: approved."""
        body = {"event": "APPROVE", "commit_id": head, "body": ""}
        self._call("POST", self._path(f"/pulls/{number}/reviews"), body)

    def merge(self, number: int, head: str) -> str:
        """Presses the button: why it does not merge, empty where it did."""
        try:
            self._call("PUT", self._path(f"/pulls/{number}/merge"), {"sha": head})
        except Rejected as error:
            return error.said or str(error)
        return ""

    # ── checks ──

    def runs(self, commit: str) -> tuple[Run, ...]:
        """The newest check run of each name on a commit, by name."""
        path = self._path(f"/commits/{commit}/check-runs")
        found = self._call("GET", path, params={"filter": "latest", "per_page": 100})["check_runs"]
        newest = {str(each["name"]): _run(each) for each in sorted(found, key=lambda each: int(each["id"]))}
        return tuple(run for _, run in sorted(newest.items()))

    def notes(self, run: int) -> tuple[Note, ...]:
        """The annotations of a check run."""
        found = self._call("GET", self._path(f"/check-runs/{run}/annotations"))
        return tuple(
            Note(str(each["path"]), int(each["start_line"]), each.get("title") or "", each.get("message") or "")
            for each in found
        )

    def _gone(self, method: str, path: str) -> None:
        try:
            self._call(method, self._path(path))
        except Gone:
            return
        except Rejected as error:
            if error.status != 422:  # what GitHub says of a ref that does not exist
                raise

    def _path(self, rest: str) -> str:
        return f"/repos/{self.repository}{rest}"

    def _call(self, method: str, path: str, body: Any = None, params: Mapping[str, Any] | None = None) -> Any:
        answer = self._client.call("person", method, path, self._header, body=body, params=params)
        return answer.data

    def _header(self, fresh: bool) -> str:
        return f"Bearer {self._token}"


def _pull(data: Mapping[str, Any]) -> Pull:
    merged = bool(data.get("merged_at"))
    user = data["user"]
    return Pull(
        number=int(data["number"]),
        title=str(data["title"]),
        body=data["body"] or "",
        open=data["state"] == "open",
        merged=merged,
        head=str(data["head"]["sha"]),
        branch=str(data["head"]["ref"]),
        base=str(data["base"]["ref"]),
        labels=tuple(str(each["name"]) for each in data["labels"]),
        url=str(data["html_url"]),
        author=str(user["login"]),
        bot=user["type"] == BOT,
        merge_commit=str(data["merge_commit_sha"] or "") if merged else "",
        merged_by=str((data.get("merged_by") or {}).get("login", "")),
    )


def _run(data: Mapping[str, Any]) -> Run:
    output: Mapping[str, Any] = data.get("output") or {}
    return Run(
        id=int(data["id"]),
        name=str(data["name"]),
        conclusion=str(data["conclusion"] or ""),
        title=str(output.get("title") or ""),
        notes=int(output.get("annotations_count") or 0),
        app=int((data.get("app") or {}).get("id") or 0),
        summary=str(output.get("summary") or ""),
    )


def level_of(labels: Sequence[str]) -> str:
    """The safety level that the labels of a pull request say, empty where they say none."""
    return next((each.removeprefix("selfmod: ") for each in labels if each.startswith("selfmod: ")), "")
