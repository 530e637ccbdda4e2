"""Where attacks are tried: the stand-in, whose `main` requires the gate of this App as GitHub enforces it, the real
host, and every job that comes of it done by the real verbs."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx

from app.cli.serving.verbs import VERBS
from app.commands.grammar import fingerprint
from app.model.forge import FileEdit
from app.model.job import Job, Kind
from app.model.modification import Modification, Sort
from app.standin import auth
from app.standin.server import StandIn
from app.standin.state import Pull, Run
from app.store.naming import accounts
from app.store.proposed import modifications
from app.workflows.steps import Step, Tools, run_all
from app.workflows.stopping.guard import guarded
from checks.model.errors import Refusal
from tests.forges import FILES, REPOSITORY, Forge, connected

CONFIGURATION = "mode: enforce\nallowed_commands: []\napprovals: {merge_after_approval: true}\n"
"""Nothing is run in a sandbox: each change is MEDIUM_RISK, and needs one approval."""


def changed(name: str) -> tuple[str, str]:
    """A file of its own for each pull request, and its text."""
    return f"src/shop/{name.replace('-', '_')}.py", "def _same(prices):\n    return prices\n"


@dataclass
class Stage:
    """`forge` has ann (admin), bob and cyd (write) and eve (read); `other` is the token of an App of somebody else's
    that may write checks, comments and reviews here."""

    forge: Forge
    other: str
    name: str = REPOSITORY
    """What the repository is called."""

    # what people do, over GitHub's API

    def ask(self, who: str, method: str, path: str, body: Any = None) -> httpx.Response:
        """`who` is a login, or `other`."""
        token = self.other if who == "other" else self.forge.tokens[who]
        url = f"{self.forge.github.url}/repos/{REPOSITORY}/{path}"
        with httpx.Client(trust_env=False, timeout=30, headers={"authorization": f"Bearer {token}"}) as client:
            return client.request(method, url, json=body)

    def pull(self, name: str, by: str = "bob", base: str = "main") -> Pull:
        """A pull request of a person, judged and waiting."""
        self.forge.github.push(REPOSITORY, name, dict((changed(name),)), by=by)
        made = self.forge.github.open_pull(REPOSITORY, name, base=base, by=by)
        self.review(made)
        return made

    def proposal(self, name: str) -> Pull:
        """The same of selfmod's own, which it merges by itself once it is approved."""
        path, text = f"docs/{name}.md", f"# {name}\n"  # whose level lets it in by itself
        host, branch = self.forge.host, f"selfmod/fix/{name}"
        tip = host.branch("main")
        assert tip
        head = host.commit_files(branch, tip, [FileEdit(path, text.encode())], f"Mend {name}\n\nRequested-by: @bob\n")
        made = host.open_pull(branch, "main", f"Mend {name}", "")
        row = Modification(REPOSITORY, Sort.FIX, branch, "main", made.title, tip, head, made.number, "bob")
        modifications.put(self.forge.store, row)
        bob, found = self.forge.github.world.account("bob"), self.forge.repository.pull(made.number)
        assert bob is not None and found is not None
        accounts.seen(self.forge.store, bob.id, bob.login)  # by the delivery of the command
        self.review(found)
        return found

    def push(self, pull: Pull, by: str = "bob") -> None:
        """One more commit, whose judgement is awaited."""
        text = f"# {time.monotonic_ns()}\n"
        self.forge.github.push(REPOSITORY, pull.head_ref, {"more.py": text}, by=by)

    def approve(self, pull: Pull, who: str, event: str = "APPROVE") -> httpx.Response:
        """A review of the head, and what selfmod does about it."""
        body = {"event": event, "body": "said", "commit_id": pull.head}
        answer = self.ask(who, "POST", f"pulls/{pull.number}/reviews", body)
        self.gate(pull)
        return answer

    def merge(self, pull: Pull, who: str = "cyd") -> httpx.Response:
        """Somebody with write access presses Merge."""
        return self.ask(who, "PUT", f"pulls/{pull.number}/merge", {"sha": pull.head})

    # what selfmod does

    def work(self, job: Job, steps: tuple[Step, ...] | None = None) -> None:
        """A job with all that it starts, guarded as the server does it. A Refusal is told there, and ends it here."""
        waiting = [job]
        while waiting:
            one = waiting.pop(0)
            self.forge.enqueued.clear()
            tools = self.tools(one)
            try:
                run_all(steps if one is job and steps else VERBS[one.kind], tools, one)
            except Refusal:
                continue
            finally:
                waiting += list(self.forge.enqueued)

    def tools(self, job: Job) -> Tools:
        """With a host that asks for stops at every write."""
        host = self.forge.app.host(self.name, self.forge.installation)
        return replace(self.forge.tools(), host=guarded(host, self.forge.store, job))

    def review(self, pull: Pull) -> None:
        """The head is judged."""
        self.work(self.job(pull, Kind.REVIEW))

    def gate(self, pull: Pull, **more: Any) -> None:
        """Approvals are weighed anew."""
        self.work(self.job(pull, Kind.GATE, **{"reason": "submitted", **more}))

    def job(self, pull: Pull, kind: Kind, **more: Any) -> Job:
        return self.forge.job(kind, pull.number, head=pull.head, **more)

    def hear(self, pull: Pull, comment: int, actor: str, wrote: str = "") -> None:
        """A comment is answered, whatever the filter of deliveries says of it. `wrote` is its text when it was written,
        as the delivery has it."""
        words = fingerprint(wrote) if wrote else ""
        made = self.forge.job(Kind.COMMENT, pull.number, comment=comment, actor=actor, delivery=str(comment))
        self.work(replace(made, words=words))

    def gate_of(self, head: str) -> Run:
        """The gate's check run by this App."""
        runs = [each for each in self.forge.repository.runs if each.head == head and each.name == "selfmod/gate"]
        return next(each for each in reversed(runs) if each.suite.app.id == self.forge.credentials.app_id)

    def protect(self, on: bool = True) -> None:
        """`main` requires the gate of this App, for administrators too; or nothing."""
        if not on:
            assert self.ask("ann", "DELETE", "branches/main/protection").status_code == 204
            return
        app = self.forge.credentials.app_id
        body = {
            "required_status_checks": {
                "strict": False,
                "contexts": [],
                "checks": [{"context": "selfmod/gate", "app_id": app}],
            },
            "enforce_admins": True,
            "required_pull_request_reviews": None,
            "restrictions": None,
        }
        assert self.ask("ann", "PUT", "branches/main/protection", body).status_code == 200


@contextmanager
def stage(folder: Path) -> Iterator[Stage]:
    """A stand-in of its own, which ends with the block."""
    with StandIn(folder / "github") as github:
        forge = connected(github, folder, {**FILES, ".github/selfmod.yml": CONFIGURATION})
        forge.repository.settings["allow_auto_merge"] = True
        app = github.app(name="elsewhere", owner="eve")
        installation = github.install(app, [REPOSITORY])
        there = github.world.installations[installation]
        token = auth.installation_token(github.world, there, None, there.permissions).value
        made = Stage(forge, token)
        made.protect()
        try:
            yield made
        finally:
            forge.store.close()
            forge.app.close()
