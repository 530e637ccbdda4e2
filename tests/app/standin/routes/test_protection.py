"""Protection through REST."""

from typing import Any

import pytest

from tests.app.standin.acting import SHOP, Acting, checks, reviews

PLACE = "branches/main/protection"
EMPTY = {
    "required_status_checks": None,
    "enforce_admins": None,
    "required_pull_request_reviews": None,
    "restrictions": None,
}


def test_what_is_put_is_got_and_deleted(acting: Acting) -> None:
    app = acting.app()
    assert acting.ask("ada", "GET", PLACE).json()["message"] == "Branch not protected"
    body = EMPTY | {
        "required_status_checks": checks(("gate", app.app_id), ("lint", -1), strict=True),
        "enforce_admins": True,
        "required_pull_request_reviews": reviews(2, dismiss_stale_reviews=True),
    }
    put = acting.ask("ada", "PUT", PLACE, body)
    got = acting.ask("ada", "GET", PLACE).json()
    assert put.json() == got
    shown = got["required_status_checks"]
    assert (shown["strict"], shown["contexts"]) == (True, ["gate", "lint"])
    assert shown["checks"] == [{"context": "gate", "app_id": app.app_id}, {"context": "lint", "app_id": None}]
    assert got["enforce_admins"]["enabled"] is True
    assert got["required_pull_request_reviews"]["required_approving_review_count"] == 2
    assert "restrictions" not in got
    assert acting.ask("ada", "DELETE", PLACE).status_code == 204
    assert acting.ask("ada", "GET", PLACE).status_code == 404


def test_a_check_without_an_app_is_pinned_to_whoever_set_it_last(acting: Acting) -> None:
    app, pull = acting.app(), acting.pull()
    acting.report(app, pull, "gate", "success")
    wanted = {"strict": False, "contexts": [], "checks": [{"context": "gate"}, {"context": "new"}]}
    shown = acting.protect(required_status_checks=wanted).json()["required_status_checks"]["checks"]
    assert shown == [{"context": "gate", "app_id": app.app_id}, {"context": "new", "app_id": None}]


def test_checks_are_changed_alone(acting: Acting) -> None:
    app, place = acting.app(), f"{PLACE}/required_status_checks"
    assert acting.ask("ada", "PATCH", place, {}).json()["message"] == "Branch not protected"
    acting.protect(required_pull_request_reviews=reviews(2))
    assert acting.ask("ada", "PATCH", place, {}).json()["message"] == "Required status checks not enabled"
    acting.protect(required_pull_request_reviews=reviews(2), required_status_checks=checks(("lint", -1), strict=True))
    pinned = [{"context": "gate", "app_id": app.app_id}, {"context": "lint", "app_id": -1}]
    shown = acting.ask("ada", "PATCH", place, {"checks": pinned}).json()
    assert shown["strict"] is True
    assert shown["checks"] == [{"context": "gate", "app_id": app.app_id}, {"context": "lint", "app_id": None}]
    assert acting.ask("ada", "PATCH", place, {"strict": False}).json()["checks"] == shown["checks"]
    kept = acting.ask("ada", "GET", PLACE).json()
    assert kept["required_status_checks"]["strict"] is False
    assert kept["required_pull_request_reviews"]["required_approving_review_count"] == 2
    named = acting.ask("ada", "PATCH", place, {"contexts": ["new"]}).json()
    assert named["checks"] == [{"context": "new", "app_id": None}]
    assert acting.ask("meg", "PATCH", place, {}).status_code == 403


@pytest.mark.parametrize("missing", EMPTY)
def test_each_of_the_four_keys_is_needed(acting: Acting, missing: str) -> None:
    answer = acting.ask("ada", "PUT", PLACE, {key: value for key, value in EMPTY.items() if key != missing})
    assert answer.status_code == 422
    assert f'"{missing}" wasn\'t supplied' in answer.json()["message"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"required_status_checks": {"strict": True, "checks": []}},
        {"required_status_checks": {"contexts": []}},
        {"required_status_checks": {"strict": True, "contexts": [], "checks": [{"app_id": 1}]}},
        {"required_status_checks": ["gate"]},
        {"enforce_admins": "yes"},
        {"required_pull_request_reviews": {"required_approving_review_count": 7}},
        {"restrictions": {"users": []}},
    ],
    ids=str,
)
def test_what_is_no_protection_is_refused(acting: Acting, wrong: dict[str, Any]) -> None:
    assert acting.ask("ada", "PUT", PLACE, EMPTY | wrong).status_code == 422
    assert acting.ask("ada", "GET", PLACE).status_code == 404


def test_who_may_not_gets_the_normal_answers(acting: Acting) -> None:
    app = acting.app()
    assert acting.ask("meg", "PUT", PLACE, EMPTY).status_code == 403
    for method, permission in (("GET", "contents"), ("PUT", "contents"), ("DELETE", "contents")):
        answer = acting.ask(acting.token(app, **{permission: "write"}), method, PLACE, EMPTY)
        assert (answer.status_code, answer.json()["message"]) == (403, "Resource not accessible by integration")
    assert acting.ask(acting.token(app, administration="read"), "PUT", PLACE, EMPTY).status_code == 403
    assert acting.ask(acting.token(app, administration="write"), "PUT", PLACE, EMPTY).status_code == 200
    assert acting.ask("ada", "GET", "branches/nowhere/protection").json()["message"] == "Branch not found"


def test_a_private_repository_of_a_free_plan_has_no_protection(acting: Acting) -> None:
    repository = acting.github.world.repositories[SHOP]
    repository.private, repository.paid = True, False
    for path in (PLACE, "rulesets", "rules/branches/main"):
        answer = acting.ask("ada", "GET", path)
        assert answer.status_code == 403
        assert answer.json()["message"].startswith("Upgrade to GitHub Pro")
    assert acting.ask("ada", "PUT", PLACE, EMPTY).status_code == 403


def test_restrictions_name_who_may_merge(acting: Acting) -> None:
    app, pull = acting.app(), acting.pull()
    acting.protect(restrictions={"users": ["meg", "nobody"], "teams": [], "apps": ["selfmod"]})
    shown = acting.ask("ada", "GET", PLACE).json()["restrictions"]
    assert [each["login"] for each in shown["users"]] == ["meg"]
    assert [each["slug"] for each in shown["apps"]] == ["selfmod"]
    assert acting.merge("bob", pull).status_code == 405
    assert acting.merge(acting.token(app), pull).status_code == 200
