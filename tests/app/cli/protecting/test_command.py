"""`selfmod protect`, whole, on the stand-in."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.model.forge import CheckRun, Conclusion
from app.model.protection import GATE
from tests.app.github.conftest import REPOSITORY, World
from tests.app.standin.acting import Acting
from tests.commands import Ran, selfmod

type Run = Callable[..., Ran]


@pytest.fixture
def protect(settings: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command with the token of ann, who administers the repository."""
    monkeypatch.setenv("GITHUB_TOKEN", settings.github.person("ann"))

    def run(*arguments: str) -> Ran:
        return selfmod("protect", "--repo", REPOSITORY, *arguments, at=tmp_path)

    return run


def writes(world: World) -> list[str]:
    """What was written to the repository, but for tokens that were made."""
    return [
        f"{each.method} {each.path}"
        for each in world.github.calls
        if each.method != "GET" and "access_tokens" not in each.path
    ]


def acting(world: World) -> Acting:
    return Acting(world.github, {login: world.github.person(login) for login in ("ann", "bob")})


def merge(world: World, number: int) -> int:
    return acting(world).ask("bob", "PUT", f"pulls/{number}/merge", {}).status_code


def gate(world: World, head: str) -> None:
    world.host.put_run(CheckRun(GATE, head, "k", "t", "s", conclusion=Conclusion.SUCCESS))


@pytest.mark.parametrize("form", [(), ("--ruleset",), ("--classic",)])
def test_from_nothing_to_a_gate_that_holds(settings: World, tmp_path: Path, protect: Run, form: tuple[str]) -> None:
    (first, _), (number, head) = settings.pull("first"), settings.pull("second", {"other.py": "y = 1\n"})
    shown = protect(*form)
    assert shown.code == 1
    assert f"+    selfmod/gate of App {settings.credentials.app_id} (this App)" in shown.text
    assert "nothing written yet: --apply" in shown.text and "nothing holds a merge" in shown.text
    assert writes(settings) == []
    assert merge(settings, first) == 200  # nothing holds it yet

    settings.github.calls.clear()
    done = protect(*form, "--apply")
    assert done.code == 0, done.text + done.error
    assert "selfmod/gate of this App is required" in done.text and " written" in done.text
    assert writes(settings)
    assert merge(settings, number) == 405
    doctor = json.loads(selfmod("doctor", "--repo", REPOSITORY, "--json", at=tmp_path).text)
    assert [each["state"] for each in doctor["lines"] if each["what"] == REPOSITORY] == ["ok"]

    settings.github.calls.clear()
    again = protect("--apply")
    assert again.code == 0 and "nothing to do" in again.text
    assert not any("rule" in each or "protection" in each for each in writes(settings))
    gate(settings, head)
    assert merge(settings, number) == 200


def test_what_another_app_says_does_not_count(settings: World, protect: Run) -> None:
    other = settings.github.app(name="other")
    settings.github.install(other, [REPOSITORY])
    rule = {
        "type": "required_status_checks",
        "parameters": {
            "strict_required_status_checks_policy": False,
            "required_status_checks": [{"context": GATE, "integration_id": other.app_id}, {"context": "ci"}],
        },
    }
    names = {"ref_name": {"include": ["~ALL"], "exclude": []}}
    body = {"name": "all", "enforcement": "active", "conditions": names, "rules": [rule]}
    assert acting(settings).ask("ann", "POST", "rulesets", body).status_code == 201
    assert f"-    selfmod/gate of App {other.app_id}" in protect().text
    assert protect("--apply").code == 0
    (kept,) = settings.github.world.repositories[REPOSITORY].rulesets.values()
    assert kept["rules"][0]["parameters"]["required_status_checks"] == [
        {"context": GATE, "integration_id": settings.credentials.app_id},
        {"context": "ci"},
    ]
    assert kept["conditions"] == names


def test_another_branch_and_more_than_the_gate(settings: World, protect: Run) -> None:
    settings.github.push(REPOSITORY, "release/1", {"shop.py": "x = 9\n"}, by="ann")
    done = protect("--branch", "release/1", "--also", "no-force-push, no-deletion", "--apply")
    assert done.code == 0, done.error
    rules = acting(settings).ask("ann", "GET", "rules/branches/release%2F1").json()
    assert {each["type"] for each in rules} == {"required_status_checks", "non_fast_forward", "deletion"}
    assert acting(settings).ask("ann", "GET", "rules/branches/main").json() == []
    assert "not asked" not in done.text


def test_json(settings: World, protect: Run) -> None:
    before = json.loads(protect("--json").text)
    assert (before["state"], before["written"], before["branch"]) == ("not", False, "main")
    assert before["changes"] == [{"form": "ruleset", "name": "selfmod gate", "new": True}]
    assert before["not_asked"] == ["no-force-push", "no-deletion"]
    after = json.loads(protect("--json", "--apply").text)
    assert (after["state"], after["written"], after["missing"]) == ("held", True, [])
    assert any("up to date" in each for each in after["warnings"])


def test_the_app_can_look_without_a_token_and_not_write(
    settings: World, protect: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_TOKEN")
    shown = protect()
    assert shown.code == 1 and "--apply" in shown.text
    assert "not shown to this token" in shown.text
    refused = protect("--apply")
    assert refused.code == 2
    assert "--apply needs a token" in refused.error and "Administration: read and write" in refused.error
    assert writes(settings) == []


def test_a_token_alone_is_enough_with_the_number_of_the_app(
    settings: World, protect: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("SELFMOD_APP_ID", "SELFMOD_PRIVATE_KEY", "SELFMOD_WEBHOOK_SECRET"):
        monkeypatch.delenv(name)
    nobody = protect()
    assert nobody.code == 2 and "--app" in nobody.error
    (tmp_path / "token").write_text(f"{settings.github.person('ann')}\n")
    monkeypatch.delenv("GITHUB_TOKEN")
    number = str(settings.credentials.app_id)
    assert "no token to look with" in protect("--app", number).error
    done = protect("--app", number, "--token-file", str(tmp_path / "token"), "--apply")
    assert done.code == 0, done.error
    assert (GATE, settings.credentials.app_id) in settings.host.required("main").checks


def test_who_may_not_is_told_what_would_help(
    settings: World, protect: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    token = settings.github.person("bob")
    monkeypatch.setenv("GITHUB_TOKEN", token)
    refused = protect("--apply")
    assert refused.code == 2
    assert "may not change what holds acme/shop" in refused.error
    assert "Administration: read and write" in refused.error
    assert token not in refused.error + refused.text
    assert settings.github.world.repositories[REPOSITORY].rulesets == {}


def test_a_plan_without_protection(settings: World, protect: Run) -> None:
    repository = settings.github.world.repositories[REPOSITORY]
    repository.private, repository.paid = True, False
    refused = protect()
    assert refused.code == 2 and "Make it public" in refused.error


def test_what_github_did_not_keep_is_told(settings: World, protect: Run) -> None:
    def undo(*_: Any) -> None:
        settings.github.world.repositories[REPOSITORY].rulesets.clear()

    settings.github.faults.add("POST", "/rulesets$", "after", do=undo)
    done = protect("--apply")
    assert done.code == 1
    assert "GitHub shows less than was written" in done.text and "nothing holds a merge" in done.text


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--ruleset", "--classic"), "both asked for"),
        (("--also", "no-sleep"), "no-force-push, no-deletion"),
        (("--branch", "nowhere"), "no branch 'nowhere'"),
        (("--repo", "../.."), "is no repository"),
        (("--repo", "acme/none"), "not there"),
        (("--token-file", "absent"), "cannot be read"),
    ],
)
def test_refusals(protect: Run, settings: World, arguments: tuple[str, ...], says: str) -> None:
    ran = protect(*arguments)
    assert ran.code == 2
    assert says in ran.error
    assert writes(settings) == []


@pytest.mark.parametrize("token", ["two words", "ü", "a\x1bb", "gho_x\r\nX-Evil: 1"])
def test_what_is_no_token_is_never_sent_or_shown(
    protect: Run, settings: World, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", token)
    ran = protect()
    assert ran.code == 2 and "holds no token" in ran.error
    assert token not in ran.error
    assert settings.github.calls == []


def test_an_empty_token_file(protect: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")
    assert "is empty" in protect("--token-file", str(tmp_path / "empty")).error
