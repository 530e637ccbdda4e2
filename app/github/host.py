"""One repository on GitHub, as workflows ask for it (`app.workflows.host`); each part has a file of its own."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from app.github import comments, files, mirror, people, pulls, runs, values
from app.github.faults import Rejected
from app.github.landing import merging, queueing, reverting
from app.github.place import Place
from app.model.call import Call
from app.model.forge import (
    CheckRun,
    Comment,
    Committer,
    FileEdit,
    Grouped,
    Landing,
    Pull,
    Required,
    Review,
    Role,
    SeenRun,
)
from app.model.trouble import Gone
from app.operations.holding import Hold
from app.settings import ServerSettings


class GitHubHost:
    """A repository as one installation sees it. It keeps nothing but what does not change within a job."""

    def __init__(
        self,
        place: Place,
        app_id: int,
        settings: ServerSettings,
        bot: Callable[[Place], int],
        told: Callable[[Call], object],
    ) -> None:
        self.repository = place.repository
        self.app_id = app_id
        self.place = place
        self._settings = settings
        self._bot = bot
        self._heard = told
        self._hold: Hold | None = None

    @cached_property
    def facts(self) -> Any:
        """The repository itself, as GitHub's JSON."""
        return self.place.get("repository", "")

    def default_branch(self) -> str:
        return values.text(self.facts, "default_branch")

    def pull(self, number: int) -> Pull:
        return self._told(pulls.one(self.place, number))

    def pulls(self, state: str = "open", most: int = 100, base: str = "") -> tuple[Pull, ...]:
        return tuple(self._told(each) for each in pulls.several(self.place, state, most, base))

    def pulls_of(self, head: str) -> tuple[Pull, ...]:
        return tuple(self._told(each) for each in pulls.with_head(self.place, head))

    def queues(self, head: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each.base_ref for each in self.groups() if each.head == head))

    def groups(self) -> tuple[Grouped, ...]:
        return files.groups(self.place)

    def commits(self, number: int) -> tuple[Committer, ...]:
        return pulls.commits(self.place, number)

    def reviews(self, number: int) -> tuple[Review, ...]:
        return pulls.reviews(self.place, number)

    def role(self, login: str, account: int = 0) -> Role:
        return people.role(self.place, login, account)

    def people(self, least: Role) -> tuple[str, ...] | None:
        return people.with_role(self.place, least)

    def team(self, name: str) -> tuple[str, ...] | None:
        return people.team(self.place, name)

    def file(self, path: str, ref: str) -> bytes | None:
        return files.file(self.place, path, ref)

    def organisation_file(self, path: str) -> bytes | None:
        owner = self.place.owner
        there = Place(self.place.client, self.place.tokens, f"{owner}/.github", self.place.installation)
        try:
            return files.file(there, path, "")
        except (Gone, Rejected):  # no such repository, or the App is not installed on it
            return None

    def required(self, branch: str) -> Required:
        return people.required(self.place, branch)

    def local(self, *commits: str) -> Path:
        id, base = values.number(self.facts, "id"), self._settings.github_url.rstrip("/")
        folder = mirror.place(self._settings.data_dir, base, id)
        # as long as this object is there: a job works with the folder after this call
        self._hold = self._hold or Hold(folder)
        source = mirror.Source(
            url=f"{base}/{self.repository}.git",
            folder=folder,
            repository=self.repository,
            token=lambda fresh: self.place.tokens.token(
                self.place.installation, self.repository, "contents", fresh=fresh
            ),
            size=values.number(self.facts, "size") * 1024,
        )
        return mirror.local(source, commits, self._heard)

    def runs(self, head: str) -> tuple[SeenRun, ...]:
        return runs.newest(self.place, self.app_id, head)

    def put_run(self, run: CheckRun) -> int:
        return runs.put(self.place, self.app_id, run)

    def set_labels(self, number: int, add: Sequence[str], remove: Sequence[str]) -> None:
        comments.set_labels(self.place, number, add, remove)

    def comments(self, number: int) -> tuple[Comment, ...]:
        return comments.several(self.place, number, self._own)

    def issue(self, number: int) -> str:
        return comments.issue(self.place, number)

    def comment(self, id: int) -> Comment:
        return comments.one(self.place, id, self._own)

    def put_comment(self, number: int, marker: str, body: str, generation: int) -> None:
        comments.put(self.place, number, self._own, marker, body, generation)

    def remove_comment(self, number: int, marker: str) -> None:
        comments.remove(self.place, number, self._own, marker)

    def react(self, comment: int, content: str) -> None:
        comments.react(self.place, comment, content)

    def request_reviewers(self, number: int, people: Sequence[str], teams: Sequence[str]) -> None:
        pulls.request_reviewers(self.place, number, people, teams)

    def branch(self, name: str) -> str | None:
        return files.tip(self.place, name)

    def commit_files(self, branch: str, base: str, edits: Sequence[FileEdit], message: str) -> str:
        return files.commit(self.place, branch, base, edits, message)

    def open_pull(self, head_ref: str, base_ref: str, title: str, body: str) -> Pull:
        return pulls.opened(self.place, head_ref, base_ref, title, body)

    def edit_pull(self, number: int, title: str, body: str) -> None:
        reverting.edit(self.place, number, title, body)

    def close_pull(self, number: int) -> None:
        reverting.close(self.place, number)

    def move_branch(self, name: str, expected: str, commit: str) -> bool:
        return reverting.move_branch(self.place, name, expected, commit)

    def delete_branch(self, name: str) -> None:
        reverting.delete_branch(self.place, name)

    def merge(self, number: int, head: str, method: str, title: str = "") -> Landing:
        return merging.merge(self.place, number, head, method, title)

    def arm(self, number: int, head: str, method: str, title: str = "") -> Landing:
        return merging.arm(self.place, number, head, method, title)

    def disarm(self, number: int) -> bool:
        return merging.disarm(self.place, number)

    def dequeue(self, number: int) -> bool:
        return queueing.dequeue(self.place, number)

    def revert_pull(self, number: int, title: str, body: str) -> Pull | None:
        made = reverting.revert(self.place, number, title, body, lambda each: self._told(each).own)
        return None if made is None else self._told(made)

    def _told(self, pull: Pull) -> Pull:
        """With whether this App opened it."""
        author = pull.author
        return replace(pull, own=author.bot and author.id > 0 and author.id == self._bot(self.place))

    def _own(self, data: Any) -> bool:
        return comments.is_own(data, self.app_id, lambda: self._bot(self.place))
