"""Rulesets through REST, and what they hold."""

from typing import Any

import pytest

from tests.app.standin.acting import Acting


def ruleset(*rules: dict[str, Any], include: str = "~DEFAULT_BRANCH", **more: Any) -> dict[str, Any]:
    names = {"include": [include], "exclude": []}
    return {"name": "gate", "enforcement": "active", "conditions": {"ref_name": names}, "rules": list(rules), **more}


def gate(app: int) -> dict[str, Any]:
    parameters = {
        "strict_required_status_checks_policy": False,
        "required_status_checks": [{"context": "gate", "integration_id": app}],
    }
    return {"type": "required_status_checks", "parameters": parameters}


def review(count: int = 1, **more: Any) -> dict[str, Any]:
    parameters = {
        "dismiss_stale_reviews_on_push": True,
        "require_code_owner_review": False,
        "require_last_push_approval": False,
        "required_approving_review_count": count,
        "required_review_thread_resolution": False,
    }
    return {"type": "pull_request", "parameters": parameters | more}


def test_a_ruleset_is_made_shown_changed_and_deleted(acting: Acting) -> None:
    app = acting.app()
    made = acting.ask("ada", "POST", "rulesets", ruleset(gate(app.app_id))).json()
    one = f"rulesets/{made['id']}"
    assert acting.ask("ada", "GET", one).json() == made
    assert "bypass_actors" not in acting.ask("eve", "GET", one).json()
    assert [each["name"] for each in acting.ask("eve", "GET", "rulesets").json()] == ["gate"]
    (rule,) = acting.ask("eve", "GET", "rules/branches/main").json()
    assert rule == gate(app.app_id) | {
        "ruleset_source_type": "Repository",
        "ruleset_source": "acme/shop",
        "ruleset_id": made["id"],
    }
    assert acting.ask("eve", "GET", "rules/branches/topic").json() == []
    assert acting.ask("ada", "PUT", one, {"enforcement": "disabled"}).json()["enforcement"] == "disabled"
    assert acting.ask("eve", "GET", "rules/branches/main").json() == []
    assert acting.ask("ada", "DELETE", one).status_code == 204
    assert acting.ask("ada", "GET", one).status_code == 404


@pytest.mark.parametrize(
    ("include", "exclude", "held"),
    [
        ("~ALL", [], True),
        ("refs/heads/main", [], True),
        ("refs/heads/m*", [], True),
        ("refs/heads/release/*", [], False),
        ("~ALL", ["refs/heads/main"], False),
        ("~ALL", ["~DEFAULT_BRANCH"], False),
    ],
)
def test_which_branches_it_names(acting: Acting, include: str, exclude: list[str], held: bool) -> None:
    body = ruleset({"type": "deletion"}, include=include)
    body["conditions"]["ref_name"]["exclude"] = exclude
    acting.ask("ada", "POST", "rulesets", body)
    assert bool(acting.ask("eve", "GET", "rules/branches/main").json()) is held


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": None, "enforcement": "sometimes"},
        {"rules": [{"type": "invented"}]},
        {"rules": [{"type": "required_status_checks", "parameters": {}}]},
        {"rules": [{"type": "deletion", "parameters": {"invented": 1}}]},
        {"target": "person"},
    ],
    ids=str,
)
def test_what_is_no_ruleset_is_refused(acting: Acting, wrong: dict[str, Any]) -> None:
    assert acting.ask("ada", "POST", "rulesets", ruleset() | wrong).status_code == 422
    assert acting.ask("ada", "GET", "rulesets").json() == []


def test_a_name_is_there_once_and_both_keys_are_needed(acting: Acting) -> None:
    assert acting.ask("ada", "POST", "rulesets", ruleset()).status_code == 201
    assert acting.ask("ada", "POST", "rulesets", ruleset()).status_code == 422
    assert acting.ask("ada", "POST", "rulesets", {"name": "a"}).status_code == 422
    assert acting.ask("meg", "POST", "rulesets", ruleset()).status_code == 403


def test_what_it_demands_holds_a_merge(acting: Acting) -> None:
    ours, theirs, pull = acting.app(), acting.app("forger"), acting.pull()
    acting.ask("ada", "POST", "rulesets", ruleset(gate(ours.app_id), review(allowed_merge_methods=["squash"])))
    acting.report(theirs, pull, "gate", "success")
    answer = acting.merge("bob", pull, merge_method="squash")
    assert answer.status_code == 405
    assert answer.json()["message"].startswith("Repository rule violations found")
    acting.approve("meg", pull)
    acting.report(ours, pull, "gate", "success")
    assert "not allowed on this branch" in acting.merge("bob", pull).json()["message"]
    assert acting.merge("bob", pull, merge_method="squash").status_code == 200


@pytest.mark.parametrize(
    ("actor", "login"),
    [
        ({"actor_type": "RepositoryRole", "actor_id": 2}, "meg"),
        ({"actor_type": "OrganizationAdmin", "actor_id": 1}, "ada"),
        ({"actor_type": "User", "actor_id": "bob"}, "bob"),
    ],
    ids=str,
)
def test_who_may_bypass_it_does(acting: Acting, actor: dict[str, Any], login: str) -> None:
    number = acting.github.world.accounts["bob"].id if actor["actor_id"] == "bob" else actor["actor_id"]
    app, pull = acting.app(), acting.pull()
    bypass = [actor | {"actor_id": number, "bypass_mode": "always"}]
    made = acting.ask("ada", "POST", "rulesets", ruleset(gate(app.app_id), bypass_actors=bypass)).json()
    assert made["bypass_actors"] == bypass
    others = {"ann", "bob", "meg", "ada"} - {login}
    assert {acting.merge(each, pull).status_code for each in others} == {405}
    assert acting.merge(login, pull).status_code == 200
