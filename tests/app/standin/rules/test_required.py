"""What a branch demands: protection and rulesets together, and whom of them it does not hold."""

from typing import Any

import pytest

from app.standin.rules.required import Demand, applies, demands, dismisses_stale, is_protected, passes, rules
from app.standin.state import Repository
from tests.app.standin.acting import SHOP, Acting, checks, reviews
from tests.app.standin.routes.test_rulesets import gate, review, ruleset


def shop(acting: Acting) -> Repository:
    found = acting.github.world.repository(SHOP)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("enforcement", "target", "include", "exclude", "branch", "expected"),
    [
        ("active", "branch", ["~ALL"], [], "topic", True),
        ("active", "branch", ["~DEFAULT_BRANCH"], [], "main", True),
        ("active", "branch", ["~DEFAULT_BRANCH"], [], "topic", False),
        ("active", "branch", ["refs/heads/release/*"], [], "release/1", True),
        ("active", "branch", ["refs/heads/release/*"], [], "release", False),
        ("active", "branch", ["refs/heads/Main"], [], "main", False),
        ("active", "branch", ["~ALL"], ["refs/heads/to*"], "topic", False),
        ("active", "branch", [], [], "main", False),
        ("active", "tag", ["~ALL"], [], "main", False),
        ("evaluate", "branch", ["~ALL"], [], "main", False),
        ("disabled", "branch", ["~ALL"], [], "main", False),
    ],
)
def test_which_branches_a_ruleset_names(
    acting: Acting,
    enforcement: str,
    target: str,
    include: list[str],
    exclude: list[str],
    branch: str,
    expected: bool,
) -> None:
    names = {"include": include, "exclude": exclude}
    value = {"enforcement": enforcement, "target": target, "conditions": {"ref_name": names}}
    assert applies(shop(acting), value, branch) is expected


def test_both_sources_hold_together(acting: Acting) -> None:
    app = acting.app()
    assert not is_protected(shop(acting), "main")
    acting.protect(required_status_checks=checks(("lint", app.app_id)), required_pull_request_reviews=reviews(2))
    made = acting.ask("ada", "POST", "rulesets", ruleset(gate(app.app_id), review(1))).json()
    found = demands(shop(acting), "main")
    assert [each.source for each in found] == ["protection", *(f"ruleset {made['id']}",) * 2]
    assert [each.ruleset for each in found] == [False, True, True]
    assert [each.checks for each in found] == [(("lint", app.app_id),), (("gate", app.app_id),), ()]
    assert [each.approvals for each in found] == [2, None, 1]
    assert demands(shop(acting), "topic") == ()
    assert [rule["type"] for _, rule in rules(shop(acting), "main")] == ["required_status_checks", "pull_request"]


@pytest.mark.parametrize(
    ("protection", "expected"),
    [
        ({}, Demand("protection")),
        ({"enforce_admins": False}, Demand("protection", admins_pass=True)),
        ({"required_linear_history": True}, Demand("protection", linear=True)),
        ({"lock_branch": True}, Demand("protection", locked=True)),
        ({"required_status_checks": checks(strict=True)}, Demand("protection", strict=True)),
        (
            {"required_pull_request_reviews": reviews(1, require_code_owner_reviews=True)},
            Demand("protection", approvals=1, code_owners=True),
        ),
        (
            {"required_pull_request_reviews": reviews(0, require_last_push_approval=True)},
            Demand("protection", approvals=0, last_push=True),
        ),
        ({"restrictions": {"users": ["bob"], "teams": [], "apps": []}}, Demand("protection", pushers=("bob",))),
    ],
)
def test_protection_as_a_demand(acting: Acting, protection: dict[str, Any], expected: Demand) -> None:
    acting.protect(**protection)
    assert demands(shop(acting), "main") == (expected,)


@pytest.mark.parametrize("stale", [True, False])
def test_whether_a_push_voids_approvals(acting: Acting, stale: bool) -> None:
    assert not dismisses_stale(shop(acting), "main")
    acting.protect(required_pull_request_reviews=reviews(1, dismiss_stale_reviews=stale))
    assert dismisses_stale(shop(acting), "main") is stale
    acting.ask("ada", "POST", "rulesets", ruleset(review(dismiss_stale_reviews_on_push=True)))
    assert dismisses_stale(shop(acting), "main")
    assert not dismisses_stale(shop(acting), "topic")


@pytest.mark.parametrize(
    ("demand", "login", "expected"),
    [
        (Demand("protection"), "ada", False),
        (Demand("protection", admins_pass=True), "ada", True),
        (Demand("protection", admins_pass=True), "meg", False),
        (Demand("ruleset 1", bypass=({"actor_type": "RepositoryRole", "actor_id": 2},)), "meg", True),
        (Demand("ruleset 1", bypass=({"actor_type": "RepositoryRole", "actor_id": 2},)), "bob", False),
        (Demand("ruleset 1", bypass=({"actor_type": "RepositoryRole", "actor_id": 99},)), "bob", False),
        (Demand("ruleset 1", bypass=({"actor_type": "OrganizationAdmin", "actor_id": 1},)), "ada", True),
        (Demand("ruleset 1", bypass=({"actor_type": "OrganizationAdmin", "actor_id": 1},)), "meg", False),
        (Demand("ruleset 1", bypass=({"actor_type": "Unknown", "actor_id": 1},)), "ada", False),
    ],
)
def test_whom_a_demand_does_not_hold(acting: Acting, demand: Demand, login: str, expected: bool) -> None:
    account = acting.github.world.account(login)
    assert account is not None
    assert passes(acting.github.world, shop(acting), demand, account, None) is expected


def test_people_teams_and_apps_bypass_by_their_number(acting: Acting) -> None:
    world, credentials = acting.github.world, acting.app()
    acting.github.team("acme", "core", ["bob"])
    (team,) = world.teams.values()
    ann, bob, app = world.account("ann"), world.account("bob"), world.apps[credentials.app_id]
    assert ann is not None and bob is not None

    def of(kind: str, number: int) -> Demand:
        return Demand("ruleset 1", bypass=({"actor_type": kind, "actor_id": number},))

    one = shop(acting)
    assert [passes(world, one, of("User", ann.id), each, None) for each in (ann, bob)] == [True, False]
    assert [passes(world, one, of("Team", team.id), each, None) for each in (ann, bob)] == [False, True]
    assert [passes(world, one, of("Integration", app.id), app.bot, each) for each in (app, None)] == [True, False]
    # an App is no person, whatever its number
    assert not passes(world, one, of("User", app.bot.id), app.bot, app)
