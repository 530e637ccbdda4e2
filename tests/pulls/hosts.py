"""A forge in memory over a real git repository: it keeps what it is told and answers from that, as GitHub would."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.model.forge import (
    CheckRun,
    Comment,
    Committer,
    FileEdit,
    Grouped,
    Landing,
    Opinion,
    Person,
    Pull,
    Required,
    Review,
    Role,
    SeenRun,
)
from app.model.protection import GATE
from app.model.trouble import Gone, Superseded
from checks.model.errors import Refusal
from tests.repositories import Repository

OWN = Person("selfmod[bot]", 900, bot=True)


@dataclass
class MemoryHost:
    """One repository. `git` is the repository itself; everything else is set by the test as people would have done.
    `committed` are commits of a pull request where those of git do not do, `reads` count what was asked for."""

    git: Repository
    repository: str = "acme/shop"
    app_id: int = 42
    opened: dict[int, Pull] = field(default_factory=dict)
    authors: dict[int, Person | None] = field(default_factory=dict)
    committed: dict[int, tuple[Committer, ...]] = field(default_factory=dict)
    reads: Counter[str] = field(default_factory=Counter)
    said: dict[int, list[Review]] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)
    teams: dict[str, tuple[str, ...] | None] = field(default_factory=dict)
    organisation: dict[str, bytes] = field(default_factory=dict)
    protected: set[str] = field(default_factory=set)
    gated: set[str] = field(default_factory=set)
    """Branches that require the gate of this App."""
    queued: set[int] = field(default_factory=set)
    """Numbers that stand in a merge queue."""
    kept_in_queue: str = ""
    """Why nothing may be taken out of it."""
    reverting: bool = True
    """Whether the forge makes reverts by itself."""
    gates: dict[str, int] = field(default_factory=dict)
    """The same, of which App; 0 for anybody."""
    legible: bool = True
    listed: bool = True
    issues: dict[int, str] = field(default_factory=dict)
    """Title and text of issues."""
    made_runs: dict[tuple[str, str], CheckRun] = field(default_factory=dict)
    written: dict[int, dict[str, tuple[int, str]]] = field(default_factory=dict)
    spoken: dict[int, list[Comment]] = field(default_factory=dict)
    """What other people and bots commented, by number."""
    accounts: dict[str, int] = field(default_factory=dict)
    """Numbers of accounts by login, as far as they are known."""
    known_labels: set[str] = field(default_factory=set)
    writes: Counter[str] = field(default_factory=Counter)

    def default_branch(self) -> str:
        return "main"

    def pull(self, number: int) -> Pull:
        if number not in self.opened:
            raise Gone(f"#{number}")
        return self.opened[number]

    def pulls(self, state: str = "open", most: int = 100, base: str = "") -> tuple[Pull, ...]:
        wanted = [each for each in self.opened.values() if state == "all" or each.open == (state == "open")]
        wanted = [each for each in wanted if base in ("", each.base_ref)]
        return tuple(sorted(wanted, key=lambda each: -each.number)[:most])

    def pulls_of(self, head: str) -> tuple[Pull, ...]:
        return tuple(each for each in self.pulls() if each.head == head)

    def queues(self, head: str) -> tuple[str, ...]:
        return tuple(each.base_ref for each in self.groups() if each.head == head)

    def groups(self) -> tuple[Grouped, ...]:
        lines = self.git.git("for-each-ref", "--format=%(refname) %(objectname)", "refs/heads/gh-readonly-queue")
        found = (line.removeprefix("refs/heads/gh-readonly-queue/").split() for line in lines.splitlines())
        parts = ((*name.rpartition("/"), head) for name, head in found)
        return tuple(Grouped(base, int(f"{name}--".split("-")[1] or 0), head) for base, _, name, head in parts)

    def commits(self, number: int) -> tuple[Committer, ...]:
        self.reads["commits"] += 1
        pull = self.pull(number)
        if number in self.committed:
            return self.committed[number]
        names = self.git.git("rev-list", "--reverse", f"{pull.base_ref}..{pull.head}").split()
        who = self.authors.get(number, pull.author)
        return tuple(Committer(name, who, who, verified=who == OWN) for name in names)

    def reviews(self, number: int) -> tuple[Review, ...]:
        self.reads["reviews"] += 1
        return tuple(self.said.get(number, ()))

    def role(self, login: str, account: int = 0) -> Role:
        if account and self.accounts.get(login.casefold(), account) != account:
            return Role.NONE
        return next((role for name, role in self.roles.items() if name.casefold() == login.casefold()), Role.NONE)

    def people(self, least: Role) -> tuple[str, ...] | None:
        self.reads["people"] += 1
        return tuple(name for name, role in self.roles.items() if role.at_least(least)) if self.listed else None

    def team(self, name: str) -> tuple[str, ...] | None:
        return self.teams.get(name)

    def file(self, path: str, ref: str) -> bytes | None:
        found = self.git.git("ls-tree", "--name-only", ref, "--", path).strip()
        return self.git.git("show", f"{ref}:{path}").encode() if found else None

    def organisation_file(self, path: str) -> bytes | None:
        return self.organisation.get(path)

    def required(self, branch: str) -> Required:
        gates = {**dict.fromkeys(self.gated, self.app_id), **self.gates}
        checks = ((GATE, gates[branch]),) if branch in gates else ()
        return Required(checks, known=self.legible, protected=branch in self.protected | self.gated)

    def local(self, *commits: str) -> Path:
        for each in commits:
            self.git.git("cat-file", "-e", f"{each}^{{commit}}")
        return self.git.root

    def runs(self, head: str) -> tuple[SeenRun, ...]:
        return tuple(
            SeenRun(
                number, run.name, run.head, run.key, "completed" if run.conclusion else "in_progress",
                run.conclusion or "", run.title, self.app_id, len(run.annotations),
            )
            for number, run in enumerate(self.made_runs.values(), 1)
            if run.head == head
        )  # fmt: skip

    def put_run(self, run: CheckRun) -> int:
        assert len(run.buttons) <= 3
        assert all(len(b.label) <= 20 and len(b.description) <= 40 and len(b.identifier) <= 20 for b in run.buttons)
        assert max(len(run.summary.encode()), len(run.text.encode())) <= 65_535
        assert run.summary
        before = self.made_runs.get((run.head, run.name))
        if before is not None and before.key == run.key:
            there = dict.fromkeys((*before.annotations, *run.annotations))
            run = replace(run, annotations=tuple(there))
        self._count("run", run != before)
        self.made_runs[run.head, run.name] = run
        return list(self.made_runs).index((run.head, run.name)) + 1

    def set_labels(self, number: int, add: Sequence[str], remove: Sequence[str]) -> None:
        pull = self.pull(number)
        kept = [each for each in pull.labels if each not in remove]
        labels = tuple(dict.fromkeys((*kept, *add)))
        self._count("labels", labels != pull.labels)
        self.known_labels |= set(add)
        self.opened[number] = replace(pull, labels=labels)

    def comments(self, number: int) -> tuple[Comment, ...]:
        made = self.written.get(number, {})
        return tuple(self.spoken.get(number, ())) + tuple(
            Comment(at, OWN, f"<!-- {marker} generation={generation} -->\n{body}", "", "", own=True)
            for at, (marker, (generation, body)) in enumerate(made.items(), 1)
        )

    def issue(self, number: int) -> str:
        if number not in self.issues:
            raise Gone(f"#{number}")
        return self.issues[number]

    def comment(self, id: int) -> Comment:
        for each in (each for said in self.spoken.values() for each in said):
            if each.id == id:
                return each
        raise Gone(str(id))

    def put_comment(self, number: int, marker: str, body: str, generation: int) -> None:
        assert len(body.encode()) <= 65_535
        made = self.written.setdefault(number, {})
        if marker not in made or made[marker][0] <= generation:
            self._count("comment", made.get(marker) != (generation, body))
            made[marker] = (generation, body)

    def remove_comment(self, number: int, marker: str) -> None:
        self.written.get(number, {}).pop(marker, None)

    def react(self, comment: int, content: str) -> None:
        self._count("reaction", True)

    def request_reviewers(self, number: int, people: Sequence[str], teams: Sequence[str]) -> None:
        pull = self.pull(number)
        asked = tuple(dict.fromkeys((*pull.requested, *people, *teams)))
        self._count("requests", asked != pull.requested)
        self.opened[number] = replace(pull, requested=asked)

    def branch(self, name: str) -> str | None:
        return self.git.git("rev-parse", "--verify", "-q", f"refs/heads/{name}", check=False).strip() or None

    def commit_files(self, branch: str, base: str, edits: Sequence[FileEdit], message: str) -> str:
        there = self.branch(branch)
        if there is not None and there != base:
            if self.git.git("rev-parse", f"{there}^").strip() != base:
                raise Refusal(f"the branch {branch} is there and holds something else.", "Delete it.")
            return there
        here = self.git.git("rev-parse", "--abbrev-ref", "HEAD").strip()
        self.git.git("checkout", "-q", "-B", branch, base)
        for each in edits:
            if each.content is None:
                (self.git.root / each.path).unlink()
            else:
                self.git.put(each.path, each.content)
        self.git.git("add", "-A")
        self.git.git("commit", "-q", "-m", message)
        made = self.git.git("rev-parse", "HEAD").strip()
        self.git.git("checkout", "-q", here)
        self._count("commit", True)
        return made

    def open_pull(self, head_ref: str, base_ref: str, title: str, body: str) -> Pull:
        for each in self.pulls():
            if each.head_ref == head_ref:
                return each
        self._count("pull", True)
        return self.open(head_ref, base_ref, OWN, title=title, body=body, own=True)

    def edit_pull(self, number: int, title: str, body: str) -> None:
        self._count("edit", True)
        self.opened[number] = replace(self.pull(number), title=title, body=body)

    def close_pull(self, number: int) -> None:
        self._count("close", self.pull(number).open)
        self.opened[number] = replace(self.pull(number), open=False)

    def move_branch(self, name: str, expected: str, commit: str) -> bool:
        if self.branch(name) not in (expected, commit):
            return False
        self._count("move", self.branch(name) != commit)
        self.git.git("update-ref", f"refs/heads/{name}", commit)
        for pull in self.pulls():
            if pull.head_ref == name:
                self.opened[pull.number] = replace(pull, head=commit)
        return True

    def delete_branch(self, name: str) -> None:
        self.git.git("update-ref", "-d", f"refs/heads/{name}")

    def merge(self, number: int, head: str, method: str, title: str = "") -> Landing:
        pull = self.pull(number)
        if pull.head != head or not (pull.open or pull.merged):
            raise Superseded
        if pull.merged:
            return Landing.merged(pull.merge_commit)
        if not self._free(pull):
            return Landing.waits("Required status check is expected.")
        tip = self.branch(pull.base_ref)
        tree = self.git.git("merge-tree", "--write-tree", tip or "", head, check=False).split("\n")[0]
        message = title or pull.title or "merged"
        made = self.git.git("commit-tree", tree, "-p", tip or "", "-m", message).strip()
        self.git.git("update-ref", f"refs/heads/{pull.base_ref}", made)
        if self.git.git("rev-parse", "--abbrev-ref", "HEAD").strip() == pull.base_ref:
            self.git.git("reset", "-q", "--hard")
        self._count("merge", True)
        self.opened[number] = replace(pull, open=False, merged=True, merge_commit=made, armed=False)
        return Landing.merged(made)

    def arm(self, number: int, head: str, method: str, title: str = "") -> Landing:
        pull = self.pull(number)
        if pull.head != head or not (pull.open or pull.merged):
            raise Superseded
        if pull.merged or self._free(pull):
            return self.merge(number, head, method, title)
        self._count("arm", not pull.armed)
        self.opened[number] = replace(pull, armed=True)
        return Landing.armed()

    def disarm(self, number: int) -> bool:
        pull = self.pull(number)
        self._count("disarm", pull.armed)
        self.opened[number] = replace(pull, armed=False)
        return pull.armed

    def dequeue(self, number: int) -> bool:
        if number in self.queued and self.kept_in_queue:
            raise Refusal(self.kept_in_queue, "Grant it.")
        self._count("dequeue", number in self.queued)
        there = number in self.queued
        self.queued.discard(number)
        return there

    def revert_pull(self, number: int, title: str, body: str) -> Pull | None:
        pull = self.pull(number)
        branch = f"revert-{number}-{pull.head_ref}"
        if not pull.merged or not self.reverting:
            return None
        if self.branch(branch) is None:
            here = self.git.git("rev-parse", "--abbrev-ref", "HEAD").strip()
            self.git.git("checkout", "-q", "-b", branch, pull.base_ref)
            self.git.git("revert", "--no-edit", pull.merge_commit)
            self.git.git("checkout", "-q", here)
        return self.open_pull(branch, pull.base_ref, title, body)

    def _free(self, pull: Pull) -> bool:
        """Whether nothing that the branch requires is missing."""
        if pull.base_ref not in self.gated:
            return True
        run = self.made_runs.get((pull.head, "selfmod/gate"))
        return run is not None and run.conclusion == "success"

    # what people do

    def open(
        self, head_ref: str, base_ref: str, author: Person, *, fork: str = "", title: str = "", body: str = "",
        own: bool = False,
    ) -> Pull:  # fmt: skip
        """Opens a pull request of a branch that is there."""
        number = max(self.opened, default=6) + 1
        head, base = self.branch(head_ref), self.branch(base_ref)
        assert head and base
        self.opened[number] = Pull(
            number, title, body, author, head, head_ref, fork or self.repository, base_ref, base, self.repository,
            own=own,
        )  # fmt: skip
        return self.opened[number]

    def push(self, number: int) -> str:
        """The branch of a pull request was pushed to."""
        pull = self.opened[number]
        head = self.branch(pull.head_ref)
        assert head
        self.opened[number] = replace(pull, head=head)
        return head

    def review(self, number: int, login: str, opinion: Opinion, commit: str = "", bot: bool = False) -> None:
        """Somebody submits a review."""
        given = self.said.setdefault(number, [])
        person = Person(login, abs(hash(login)) % 10**6, bot)
        when = f"2026-01-01T00:00:{len(given):02}Z"
        given.append(Review(len(given) + 1, person, opinion, commit or self.pull(number).head, when))

    def run_of(self, name: str, head: str) -> CheckRun:
        """The check run of a commit by the end of its name."""
        return self.made_runs[head, f"selfmod/{name}"]

    def sticky(self, number: int) -> str:
        """The comment of ours on a pull request, empty where there is none."""
        return "\n".join(body for _, body in self.written.get(number, {}).values())

    def _count(self, what: str, changed: bool) -> None:
        self.writes[what] += changed
