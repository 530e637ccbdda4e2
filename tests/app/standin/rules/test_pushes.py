"""What a protected branch takes of a push, of git itself and of the API."""

import subprocess
from pathlib import Path

import pytest

from tests.app.standin.acting import SHOP, Acting, checks, reviews
from tests.app.standin.routes.test_rulesets import ruleset


class Clone:
    """A clone of the repository, as somebody has it on disk."""

    def __init__(self, acting: Acting, folder: Path, login: str) -> None:
        self.folder = folder / login
        token = acting.tokens.get(login, login)
        url = acting.github.web_url.replace("http://", f"http://x-access-token:{token}@") + f"/{SHOP}.git"
        self._git("clone", "--quiet", url, str(self.folder), cwd=folder)

    def _git(self, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        env = {"PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": "/nonexistent", "GIT_TERMINAL_PROMPT": "0"}
        who = ("-c", "user.name=Ann", "-c", "user.email=ann@example.com")
        return subprocess.run(
            ("git", *who, *arguments), cwd=cwd or self.folder, env=env, capture_output=True, text=True, timeout=60
        )

    def commit(self, text: str, amend: bool = False) -> None:
        (self.folder / "shop.py").write_text(text)
        self._git("commit", "-qam", text, *(("--amend",) if amend else ()))

    def push(self, *arguments: str) -> tuple[bool, str]:
        done = self._git("push", *(arguments or ("origin", "HEAD:main")))
        return done.returncode == 0, done.stderr


def test_a_push_past_the_pull_request_is_declined(acting: Acting, tmp_path: Path) -> None:
    clone, head = Clone(acting, tmp_path, "ann"), acting.tip()
    clone.commit("price = 2\n")
    acting.protect(required_pull_request_reviews=reviews())
    done, said = clone.push()
    assert not done
    assert "remote rejected" in said
    assert "Changes must be made through a pull request." in said
    assert acting.tip() == head
    assert clone.push("origin", "HEAD:topic")[0], "other branches are free"
    acting.protect()
    assert clone.push()[0]
    assert acting.github.file(SHOP, "main", "shop.py") == b"price = 2\n"


def test_force_pushes_and_deletions_are_declined_to_administrators_too(acting: Acting, tmp_path: Path) -> None:
    clone = Clone(acting, tmp_path, "ada")
    clone.commit("price = 2\n")
    acting.github.push(SHOP, "other", {"a": "a"}, by="ann")
    for branch in ("main", "other"):
        acting.protect(branch, enforce_admins=False)
    assert clone.push()[0]
    clone.commit("price = 3\n", amend=True)
    done, said = clone.push("--force", "origin", "HEAD:main")
    assert (done, "Cannot force-push" in said) == (False, True)
    done, said = clone.push("origin", ":other")
    assert (done, "Cannot delete" in said) == (False, True)
    acting.protect("main", allow_force_pushes=True)
    assert clone.push("--force", "origin", "HEAD:main")[0]
    acting.protect("other", allow_deletions=True)
    assert clone.push("origin", ":other")[0]


def test_a_required_check_holds_a_push_until_it_passed(acting: Acting, tmp_path: Path) -> None:
    app, clone = acting.app(), Clone(acting, tmp_path, "ann")
    acting.protect(required_status_checks=checks(("gate", app.app_id)))
    clone.commit("price = 2\n")
    done, said = clone.push()
    assert (done, 'Required status check "gate" is expected.' in said) == (False, True)
    assert clone.push("origin", "HEAD:topic")[0]
    pull = acting.github.open_pull(SHOP, "topic", by="ann")
    acting.report(app, pull, "gate", "success")
    assert clone.push()[0]
    assert pull.merged is not None, "a push of its head merges it"


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_the_api_is_held_like_git(acting: Acting, method: str) -> None:
    pull = acting.pull()
    acting.protect(required_pull_request_reviews=reviews())
    answer = acting.ask("ann", method, "git/refs/heads/main", {"sha": pull.head} if method == "PATCH" else None)
    assert answer.status_code == 422
    content = {"message": "m", "content": "YQ==", "branch": "main"}
    assert acting.ask("ann", "PUT", "contents/new.txt", content).status_code in {409, 422}
    assert acting.github.file(SHOP, "main", "new.txt") is None


@pytest.mark.parametrize(
    ("rule", "arguments", "said"),
    [
        ("creation", ("origin", "HEAD:new"), "creations being restricted"),
        ("deletion", ("origin", ":old"), "Cannot delete this branch"),
        ("non_fast_forward", ("--force", "origin", "HEAD~1:old"), "Cannot force-push"),
        ("update", ("origin", "HEAD:old"), "Cannot change this locked branch"),
    ],
)
def test_rules_of_rulesets_hold_pushes(
    acting: Acting, tmp_path: Path, rule: str, arguments: tuple[str, ...], said: str
) -> None:
    clone = Clone(acting, tmp_path, "ann")
    clone.commit("price = 2\n")
    assert clone.push("origin", "HEAD:old")[0]
    clone.commit("price = 3\n")
    if rule == "non_fast_forward":
        assert clone.push("origin", "HEAD:old")[0]
    acting.ask("ada", "POST", "rulesets", ruleset({"type": rule}, include="~ALL"))
    done, told = clone.push(*arguments)
    assert (done, said in told) == (False, True), told


def test_a_branch_tells_what_it_requires(acting: Acting) -> None:
    app = acting.app()
    assert acting.ask("eve", "GET", "branches/main").json()["protected"] is False
    acting.protect(required_status_checks=checks(("gate", app.app_id)))
    shown = acting.ask("eve", "GET", "branches/main").json()
    assert shown["protected"] is True
    assert shown["protection"]["required_status_checks"] == {
        "enforcement_level": "everyone",
        "contexts": ["gate"],
        "checks": [{"context": "gate", "app_id": app.app_id}],
    }
