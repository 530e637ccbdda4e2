"""What a workflow asks of whatever serves a repository: GitHub (`app.github.host`), or a local one."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from app.model.forge import (
    CheckRun,
    Comment,
    Committer,
    FileEdit,
    Grouped,
    Installed,
    Landing,
    Pull,
    Required,
    Review,
    Role,
    SeenRun,
    Sent,
)
from app.model.trouble import Gone


class Host(Protocol):
    """One repository. Reading raises `Gone` for what is not there (or not for us). Writing looks up before it creates:
    each call can be made twice and leaves one thing. What the forge refuses for good is a Refusal; what may go better
    later (5xx, rate limits, a broken connection) is `Unavailable`."""

    repository: str
    app_id: int

    def default_branch(self) -> str: ...
    def pull(self, number: int) -> Pull: ...
    def pulls(self, state: str = "open", most: int = 100, base: str = "") -> tuple[Pull, ...]:
        """The newest first; `state` is `open`, `closed` or `all`, `base` a branch that they go into (empty: any)."""
        ...

    def pulls_of(self, head: str) -> tuple[Pull, ...]:
        """Open pull requests whose head is this commit, those of forks too."""
        ...

    def queues(self, head: str) -> tuple[str, ...]:
        """The branches into which a merge queue is about to merge this commit: those whose group it is the head of."""
        ...

    def groups(self) -> tuple[Grouped, ...]:
        """What stands in all merge queues, as far as it has a group already."""
        ...

    def commits(self, number: int) -> tuple[Committer, ...]:
        """Of a pull request, the oldest first."""
        ...

    def reviews(self, number: int) -> tuple[Review, ...]:
        """In the order in which they were submitted."""
        ...

    def role(self, login: str, account: int = 0) -> Role:
        """What somebody may do at this moment. Where the number of the account is known (not 0), a login that another
        account has by now may do nothing."""
        ...

    def people(self, least: Role) -> tuple[str, ...] | None:
        """Logins of all people (no bots) with at least this role; None where that may not be listed."""
        ...

    def team(self, name: str) -> tuple[str, ...] | None:
        """Logins of the members of `org/team`; None where that may not be read."""
        ...

    def file(self, path: str, ref: str) -> bytes | None:
        """A file of a commit or branch, None where there is none."""
        ...

    def organisation_file(self, path: str) -> bytes | None:
        """The same of the default branch of the owner's `.github` repository; None also where the App may not read
        it."""
        ...

    def required(self, branch: str) -> Required: ...

    def local(self, *commits: str) -> Path:
        """The root of a local git repository (`.git` in it) that holds these commits with their history."""
        ...

    def runs(self, head: str) -> tuple[SeenRun, ...]:
        """This App's own check runs of a commit, the newest of each name."""
        ...

    def put_run(self, run: CheckRun) -> int:
        """Creates or updates the one check run of this name and commit; annotations go in batches, and those that are
        there already are not sent again. Returns its id."""
        ...

    def set_labels(self, number: int, add: Sequence[str], remove: Sequence[str]) -> None:
        """Labels that the repository does not have are made with a colour and a description."""
        ...

    def comments(self, number: int) -> tuple[Comment, ...]: ...
    def comment(self, id: int) -> Comment: ...
    def issue(self, number: int) -> str:
        """Title and text of an issue or pull request, as whoever wrote it wrote it."""
        ...

    def put_comment(self, number: int, marker: str, body: str, generation: int) -> None:
        """The one comment of this App that begins with the marker: made, or edited in place. The generation is written
        into it, and a comment of a newer one is left as it is."""
        ...

    def remove_comment(self, number: int, marker: str) -> None: ...
    def react(self, comment: int, content: str) -> None:
        """`eyes`, `rocket`, `confused`: GitHub's names of reactions."""
        ...

    def request_reviewers(self, number: int, people: Sequence[str], teams: Sequence[str]) -> None:
        """Whom GitHub refuses is left out; who was asked already is not asked again."""
        ...

    def branch(self, name: str) -> str | None:
        """The commit at the tip of a branch, None where there is no such branch."""
        ...

    def commit_files(self, branch: str, base: str, edits: Sequence[FileEdit], message: str) -> str:
        """A signed commit on a new or own branch, made through the API on top of `base`. Returns the commit."""
        ...

    def open_pull(self, head_ref: str, base_ref: str, title: str, body: str) -> Pull:
        """The open pull request of this branch: the one that is there, or a new one."""
        ...

    def edit_pull(self, number: int, title: str, body: str) -> None: ...
    def close_pull(self, number: int) -> None: ...
    def move_branch(self, name: str, expected: str, commit: str) -> bool:
        """Points a branch of selfmod's own at another commit if it is still where it was expected, and returns whether
        it is there now."""
        ...

    def delete_branch(self, name: str) -> None: ...

    def merge(self, number: int, head: str, method: str, title: str = "") -> Landing:
        """Merges at once if the head is still this commit. `method` is `merge`, `squash` or `rebase`, `title` the first
        line of the commit (empty: the forge's own). Raises Superseded where the head is another one or it is closed."""
        ...

    def arm(self, number: int, head: str, method: str, title: str = "") -> Landing:
        """Has the forge merge it once all that the branch requires is there, at once where it is. Raises Superseded as
        `merge` does."""
        ...

    def disarm(self, number: int) -> bool:
        """Takes that back, and returns whether it was armed."""
        ...

    def dequeue(self, number: int) -> bool:
        """Takes it out of the merge queue, and returns whether it stood in one."""
        ...

    def revert_pull(self, number: int, title: str, body: str) -> Pull | None:
        """The open pull request that takes a merged one back, as the forge makes it: the one that is there, or a new
        one. None where the forge cannot."""
        ...


class Forge(Protocol):
    """The App as a whole, over all its installations (`app.github.app`)."""

    def host(self, repository: str, installation: int) -> Host: ...
    def installations(self) -> tuple[Installed, ...]:
        """Those that are not suspended."""
        ...

    def repositories(self, installation: int) -> tuple[tuple[str, int], ...]:
        """`owner/name` of each, and GitHub's number."""
        ...

    def identity(self, repository: str, installation: int) -> tuple[int, str]:
        """GitHub's number of the repository of this name, and its name as it is now: of a name that it had once GitHub
        may answer with the one that it has. Raises Gone."""
        ...

    def deliveries(self, since: float) -> tuple[Sent, ...]:
        """What GitHub sent since then (seconds since the epoch) and this server did not accept, the oldest first; a
        delivery that a later attempt brought is not among them."""
        ...

    def redeliver(self, id: int) -> None: ...


def everywhere(forge: Forge) -> Iterator[tuple[int, str, int]]:
    """Each installation's number with each repository that it has, and GitHub's number of that. Raises Unavailable."""
    for installed in forge.installations():
        with suppress(Gone):  # removed since it was listed
            for repository, number in forge.repositories(installed.id):
                yield installed.id, repository, number
