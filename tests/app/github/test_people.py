"""Roles, people, teams and what a branch requires, on the stand-in and where a server says less."""

from collections.abc import Callable
from typing import Any

import pytest

from app.github import people, values
from app.github.client import Client
from app.github.place import Place
from app.github.tokens import Tokens
from app.model.forge import Required, Role
from tests.app.github.conftest import REPOSITORY, Asked, Given, Scripted, World
from tests.app.standin.acting import Acting

type Make = Callable[[Callable[[Asked], Given | None]], Scripted]
GATE = "selfmod/gate"


def test_roles(world: World) -> None:
    found = {login: world.host.role(login) for login in ("ann", "bob", "eve", "nobody", "a?b", "ü\ud800")}
    assert found == {
        "ann": Role.ADMIN,
        "bob": Role.WRITE,
        "eve": Role.READ,
        "nobody": Role.NONE,
        "a?b": Role.NONE,
        "ü\ud800": Role.NONE,
    }


@pytest.mark.parametrize(
    ("data", "role"),
    [
        ({"role_name": "maintain", "permission": "write"}, Role.MAINTAIN),
        ({"role_name": "triage", "permission": "read"}, Role.TRIAGE),
        ({"role_name": "release-captain", "permission": "write"}, Role.WRITE),
        ({"role_name": "release-captain", "permissions": {"push": True, "pull": True}}, Role.WRITE),
        ({"role_name": "release-captain"}, Role.NONE),
        ({"permissions": {"admin": "yes", "pull": True}}, Role.READ),
        ({"permission": 7}, Role.NONE),
        ({}, Role.NONE),
        (None, Role.NONE),
        ([], Role.NONE),
    ],
)
def test_roles_that_are_not_known_are_what_github_derives_or_nothing(data: Any, role: Role) -> None:
    assert values.role(data) is role


def test_people_with_a_role(world: World) -> None:
    assert world.host.people(Role.WRITE) == ("ann", "bob")
    assert world.host.people(Role.ADMIN) == ("ann",)


def test_members_of_a_team(world: World) -> None:
    world.github.team("acme", "core", ["ann", "eve"])
    assert world.host.team("acme/core") == ("ann", "eve")
    assert world.host.team("acme/none") is None
    assert world.host.team("none") is None
    assert world.host.team("../../x") is None


def test_a_branch_without_protection(world: World) -> None:
    assert world.host.required("main") == Required((), known=True, protected=False)


def as_owner(world: World) -> Acting:
    return Acting(world.github, {"ann": world.github.person("ann")})


def test_branch_protection_is_read_without_administration(world: World) -> None:
    app = world.credentials.app_id
    body = {
        "required_status_checks": {"strict": True, "checks": [{"context": GATE, "app_id": app}, {"context": "ci"}]},
        "enforce_admins": None,
        "required_pull_request_reviews": None,
        "restrictions": None,
    }
    body["required_status_checks"]["contexts"] = []  # type: ignore[index]  # JSON
    answer = as_owner(world).ask("ann", "PUT", "branches/main/protection", body)
    assert answer.status_code == 200, answer.text
    found = world.host.required("main")
    assert found.known and found.protected
    assert set(found.checks) == {(GATE, app), ("ci", 0)}


def test_rulesets_are_read(world: World) -> None:
    rule = {
        "type": "required_status_checks",
        "parameters": {
            "strict_required_status_checks_policy": False,
            "required_status_checks": [{"context": GATE, "integration_id": world.credentials.app_id}],
        },
    }
    body = {
        "name": "gate",
        "target": "branch",
        "enforcement": "active",
        "conditions": {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}},
        "rules": [rule],
    }
    answer = as_owner(world).ask("ann", "POST", "rulesets", body)
    assert answer.status_code == 201, answer.text
    assert world.host.required("main") == Required(((GATE, world.credentials.app_id),), known=True, protected=True)


def required(scripted: Make, world: World, rules: Given, branch: Given) -> Required:
    def answer(asked: Asked) -> Given:
        if "access_tokens" in asked.path:
            return Given(201, {"token": "t", "expires_at": "2999-01-01T00:00:00Z"})
        return rules if "/rules/" in asked.path else branch

    client = Client(scripted(answer).url)
    tokens = Tokens(client, world.credentials.app_id, world.credentials.private_key)
    return people.required(Place(client, tokens, REPOSITORY, 1), "release/1.0")


NONE, DENIED = Given(200, []), Given(403, {"message": "Upgrade to GitHub Pro"})
SHOWN = {"required_status_checks": {"enforcement_level": "everyone", "contexts": ["ci"], "checks": []}}
RULE = [{"type": "required_status_checks", "parameters": {"required_status_checks": [{"context": "ci"}]}}]


@pytest.mark.parametrize(
    ("rules", "branch", "expected"),
    [
        (NONE, Given(200, {"protected": True}), Required((), known=False, protected=True)),
        (NONE, Given(200, {"protected": True, "protection": SHOWN}), Required((("ci", 0),), True, True)),
        (DENIED, Given(200, {"protected": False}), Required((), known=True, protected=False)),
        (DENIED, DENIED, Required((), known=False, protected=False)),
        (Given(404, {}), Given(404, {"message": "Branch not found"}), Required((), known=False, protected=False)),
        (Given(200, RULE), Given(200, {"protected": True}), Required((("ci", 0),), True, True)),
        (Given(200, {"not": "a list"}), Given(200, []), Required((), known=True, protected=False)),
    ],
)
def test_what_cannot_be_read_is_not_known(
    scripted: Make, world: World, rules: Given, branch: Given, expected: Required
) -> None:
    assert required(scripted, world, rules, branch) == expected


def test_a_login_that_another_account_has_by_now_gives_that_one_nothing(world: World) -> None:
    bob = world.github.world.accounts["bob"].id
    assert world.host.role("bob", bob) is Role.WRITE
    assert world.host.role("bob", bob + 1) is Role.NONE
    assert world.host.role("nobody", bob) is Role.NONE
