"""Which page an address is, and what it shows."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader

from app.standin.pages.markdown import rendered
from app.standin.routing import Answer
from app.standin.rules.verdict import newest_runs, obstacles
from app.standin.state import Issue, Pull, Repository, World, iso

MOST_FILE = 500_000
"""Bytes of a file that is shown."""
MOST_FILES = 200
"""Files that are listed."""
_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)
_WORDS = {"success": "good", "failure": "bad", "timed_out": "bad", "action_required": "held", "cancelled": "still"}


def answer(world: World, method: str, path: str) -> Answer | None:
    """The page of `/`, `/{owner}/{repo}`, `…/pull/{number}`, `…/issues/{number}` or `…/blob/{commit}/{path}`; None for
    all other paths."""
    if method != "GET":
        return None
    parts = [each for each in path.split("/") if each]
    if not parts:
        return _page("index.html", repositories=sorted(world.repositories.values(), key=lambda one: one.full_name))
    if parts == ["favicon.ico"]:
        return Answer(status=204)
    repository = world.repository("/".join(parts[:2]))
    if repository is None:
        return None
    if len(parts) == 2:
        return _page("repository.html", repository=repository, **_facts(repository))
    if len(parts) == 4 and parts[2] in {"pull", "issues"} and parts[3].isdecimal():
        issue = repository.issues.get(int(parts[3]))
        return None if issue is None else _issue(world, repository, issue)
    if len(parts) > 4 and parts[2] == "blob":
        return _file(repository, parts[3], "/".join(parts[4:]))
    return None


def state_of(issue: Issue) -> str:
    """`open`, `draft`, `merged` or `closed`."""
    pull = issue.pull
    if pull and pull.merged is not None:
        return "merged"
    return "draft" if pull and pull.draft and issue.state == "open" else issue.state


def _facts(repository: Repository) -> dict[str, Any]:
    listed = sorted(repository.issues.values(), key=lambda one: -one.number)
    git = repository.git
    tip = git.tip(repository.default_branch)
    return {
        "pulls": [each for each in listed if each.pull],
        "issues": [each for each in listed if not each.pull],
        "commits": [git.commit(sha) for sha in git.log(tip, most=10)] if tip else [],
        "files": [each for each in repository.git.tree(tip, recursive=True) if each.kind == "blob"][:200]
        if tip
        else [],
        "tip": tip,
    }


def _issue(world: World, repository: Repository, issue: Issue) -> Answer:
    pull = issue.pull

    def markdown(text: str | None) -> str:
        return rendered(text, lambda number: address(repository, number))

    return _page(
        "issue.html",
        repository=repository,
        issue=issue,
        pull=pull,
        runs=sorted(newest_runs(repository, pull.head), key=lambda run: run.name) if pull else [],
        events=_events(issue),
        changed=_changed(pull) if pull else [],
        stands=_stands(world, pull) if pull else (),
        markdown=markdown,
    )


def _events(issue: Issue) -> list[tuple[float, str, Any]]:
    """Comments, reviews and the end, as they came."""
    found: list[tuple[float, str, Any]] = [(each.created, "comment", each) for each in issue.comments]
    if issue.pull:
        found += [(each.submitted, "review", each) for each in issue.pull.reviews if each.submitted is not None]
        if issue.pull.merged is not None:
            found.append((issue.pull.merged, "merged", issue.pull))
    if issue.closed is not None and not (issue.pull and issue.pull.merged is not None):
        found.append((issue.closed, "closed", issue))
    return sorted(found, key=lambda each: each[0])


def _changed(pull: Pull) -> list[Any]:
    git = pull.repository.git
    base = git.merge_base(pull.base_sha, pull.head)
    return git.diff(base, pull.head) if base else []


def _stands(world: World, pull: Pull) -> tuple[str, str, tuple[str, ...]]:
    """How it stands with the merge: a word for its colour, a sentence, and what is in the way."""
    if pull.merged is not None:
        by = pull.merged_by.login if pull.merged_by else "somebody"
        return "merged", f"Merged by {by} as {(pull.merge_commit or '')[:10]}.", ()
    if not pull.open:
        return "still", "Closed without a merge.", ()
    state = world.merge_state(world, pull)
    if state == "dirty":
        return "bad", "It conflicts with its base.", ()
    if pull.auto_merge:
        return "held", "It will be merged by itself once nothing is in the way.", obstacles(world, pull)
    if state == "blocked":
        return "held", "Merging is blocked.", obstacles(world, pull)
    return "good", "It can be merged.", ()


def _file(repository: Repository, ref: str, path: str) -> Answer | None:
    sha = repository.git.resolve(ref)
    entry = repository.git.entry(sha, path) if sha else None
    if entry is None or entry.kind != "blob":
        return None
    content = repository.git.blob(entry.sha)
    text = None if b"\0" in content or len(content) > MOST_FILE else content.decode("utf-8", "replace")
    return _page("file.html", repository=repository, ref=ref, path=path, text=text)


def address(repository: Repository, number: int) -> str | None:
    """Of the page of an issue or pull request."""
    issue = repository.issues.get(number)
    return f"/{repository.full_name}/{'pull' if issue.pull else 'issues'}/{number}" if issue else None


def ink(colour: str) -> str:
    """Black or white, whichever is read better on this colour (six hexadecimal digits)."""
    red, green, blue = (int(colour[start : start + 2], 16) for start in (0, 2, 4))
    return "#000" if red * 299 + green * 587 + blue * 114 > 140_000 else "#fff"


def word(conclusion: str | None) -> str:
    """The kind of colour of a check run: `good`, `bad`, `held`, `runs` or `still`."""
    return "runs" if conclusion is None else _WORDS.get(conclusion, "still")


def _page(name: str, **values: Any) -> Answer:
    common = {"iso": iso, "state_of": state_of, "ink": ink, "word": word, "address": address, "quote": quote}
    text = _PAGES.get_template(name).render(**common, **values)
    return Answer(text.encode(), content_type="text/html; charset=utf-8")
