"""Rulesets and protection on the stand-in, and where a server says less or no."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from app.github import protection
from app.github.client import Client
from app.github.place import Place
from app.github.tokens import Brought
from app.model.forge import CheckRun, Conclusion
from app.model.protection import CHECKS, GATE, Also, Change, Classic, Form, Ruleset
from app.orchestrator.protection import plan
from checks.model.errors import Refusal
from tests.app.github.conftest import REPOSITORY, Asked, Given, Scripted, World
from tests.app.standin.acting import Acting

type Make = Callable[[Callable[[Asked], Given | None]], Scripted]
MAIN = {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}}


def place(world: World, login: str = "ann") -> Place:
    return Place(Client(world.github.url, wait=world.waits.append), Brought(world.github.person(login)), REPOSITORY, 0)


def ask(world: World, method: str, path: str, body: Any = None) -> Any:
    answer = Acting(world.github, {"ann": world.github.person("ann")}).ask("ann", method, path, body)
    assert answer.status_code < 300, answer.text
    return answer.json() if answer.content else None


def checks(*entries: tuple[str, int | None]) -> dict[str, Any]:
    named = [{"context": name} | ({"integration_id": app} if app else {}) for name, app in entries]
    return {"type": CHECKS, "parameters": {"strict_required_status_checks_policy": True, CHECKS: named}}


def test_a_ruleset_is_changed_and_everything_else_in_it_stays(world: World) -> None:
    app = world.credentials.app_id
    body = {
        "name": "main",
        "enforcement": "active",
        "conditions": MAIN,
        "bypass_actors": [{"actor_id": 5, "actor_type": "RepositoryRole", "bypass_mode": "pull_request"}],
        "rules": [checks(("ci", None), (GATE, None)), {"type": "non_fast_forward"}],
    }
    made = ask(world, "POST", "rulesets", body)
    there = place(world)
    before = protection.seen(there)
    (change,) = plan(before, app).changes
    protection.write(there, "main", change)
    now = ask(world, "GET", f"rulesets/{made['id']}")
    assert now["rules"] == [checks(("ci", None), (GATE, app)), {"type": "non_fast_forward"}]
    for name in ("name", "enforcement", "conditions", "bypass_actors"):
        assert now[name] == body[name]
    assert plan(protection.seen(there), app).changes == ()


def test_protection_is_changed_and_everything_else_in_it_stays(world: World) -> None:
    world.github.team("acme", "core", ["eve"])
    app = world.credentials.app_id
    who = {"users": ["bob"], "teams": ["core"], "apps": ["selfmod"]}
    body = {
        CHECKS: {"strict": True, "contexts": ["ci"], "checks": [{"context": "ci", "app_id": app}]},
        "enforce_admins": True,
        "required_pull_request_reviews": {
            "required_approving_review_count": 3,
            "dismiss_stale_reviews": True,
            "dismissal_restrictions": who,
        },
        "restrictions": who,
        "required_linear_history": True,
    }
    for pinned in ({CHECKS: body[CHECKS]}, {CHECKS: None}):  # through the PATCH, and through the PUT before it
        before = ask(world, "PUT", "branches/main/protection", body | pinned)
        there = place(world)
        (change,) = plan(protection.seen(there), app, Form.CLASSIC).changes
        protection.write(there, "main", change)
        now = ask(world, "GET", "branches/main/protection")
        shown = now.pop(CHECKS)["checks"]
        assert {"context": GATE, "app_id": app} in shown
        kept = before.pop(CHECKS, {"checks": []})["checks"]
        assert all(each in shown for each in kept) and len(shown) == len(kept) + 1
        assert now == before
        assert plan(protection.seen(there), app, Form.CLASSIC).changes == ()


def test_a_check_of_anybody_stays_anybodys(world: World) -> None:
    _, head = world.pull()
    world.host.put_run(CheckRun("ci", head, "k", "t", "s", conclusion=Conclusion.SUCCESS))
    any_app = {"strict": False, "contexts": [], "checks": [{"context": "ci", "app_id": -1}]}
    body = {CHECKS: any_app, "enforce_admins": None, "required_pull_request_reviews": None, "restrictions": None}
    ask(world, "PUT", "branches/main/protection", body)
    there = place(world)
    for change in plan(protection.seen(there), world.credentials.app_id, Form.CLASSIC).changes:
        protection.write(there, "main", change)
    assert {"context": "ci", "app_id": None} in ask(world, "GET", "branches/main/protection")[CHECKS]["checks"]


def test_a_branch_that_nothing_protects_gets_protection(world: World) -> None:
    there, app = place(world), world.credentials.app_id
    (change,) = plan(protection.seen(there), app, Form.CLASSIC, frozenset(Also)).changes
    protection.write(there, "main", change)
    seen = protection.seen(there)
    assert seen.classic is not None and seen.classic.checks == ((GATE, app),)
    assert (GATE, app) in world.host.required("main").checks


def test_a_ruleset_that_was_made_before_the_answer_was_lost_is_not_made_twice(world: World) -> None:
    there = place(world)
    (change,) = plan(protection.seen(there), 7).changes
    fault = world.github.faults.add("POST", "/rulesets", "5xx_after_work")
    protection.write(there, "main", change)
    assert fault.hits == 1
    assert [each["name"] for each in ask(world, "GET", "rulesets")] == ["selfmod gate"]


def test_the_app_itself_sees_and_may_not_write(world: World) -> None:
    ask(
        world,
        "POST",
        "rulesets",
        {
            "name": "x",
            "enforcement": "active",
            "conditions": MAIN,
            "bypass_actors": [],
            "rules": [checks((GATE, None))],
        },
    )
    there = world.host.place
    seen = protection.seen(there)
    assert seen.rulesets is not None and seen.rulesets[0].bypass is None
    assert not seen.shown
    (change,) = plan(seen, 7).changes
    with pytest.raises(Refusal) as told:
        protection.write(there, "main", change)
    assert "may not change what holds acme/shop" in told.value.reason
    assert "Administration: read and write" in told.value.hint


def test_a_private_repository_of_a_free_plan(world: World) -> None:
    repository = world.github.world.repositories[REPOSITORY]
    repository.private, repository.paid = True, False
    with pytest.raises(Refusal) as told:
        protection.seen(place(world))
    assert "does not protect private repositories" in told.value.reason
    assert "Make it public" in told.value.hint


def test_what_is_not_there(world: World) -> None:
    with pytest.raises(Refusal, match="no branch 'nowhere'"):
        protection.seen(place(world), "nowhere")
    there = Place(Client(world.github.url), Brought(world.github.person("ann")), "acme/none", 0)
    with pytest.raises(Refusal, match="is not there for this token"):
        protection.seen(there)


# ── what no stand-in answers ──

NEW = Change(None, Ruleset(0, "selfmod gate", "active", MAIN, (), ()))
OLD = Change(None, Classic(checks=((GATE, 7),)))


def scripted_place(scripted: Make, answer: Callable[[Asked], Given | None]) -> Place:
    return Place(Client(scripted(answer).url, wait=lambda seconds: None), Brought("t"), REPOSITORY, 0)


def server(**more: Given) -> Callable[[Asked], Given]:
    """A repository whose branch nothing protects; `more` are answers by a word of the path."""

    def answer(asked: Asked) -> Given:
        for word, given in more.items():
            if word in asked.path:
                return given
        if asked.path.endswith("/protection"):
            return Given(404, {"message": "Branch not protected"})
        if "ruleset" in asked.path or "/rules/" in asked.path:
            return Given(200, [])
        return Given(200, {"default_branch": "main"})

    return answer


@pytest.mark.parametrize(
    ("answers", "rulesets", "shown"),
    [
        ({}, (), True),
        ({"rulesets": Given(404, {"message": "Not Found"})}, None, True),
        ({"rulesets": Given(403, {"message": "Forbidden"})}, None, True),
        ({"protection": Given(404, {"message": "Not Found"})}, (), False),
        ({"protection": Given(403, {"message": "Resource not accessible by personal access token"})}, (), False),
        ({"shop/branches": Given(403, {"message": "Resource not accessible by personal access token"})}, (), False),
    ],
)
def test_servers_that_have_or_show_less(scripted: Make, answers: dict[str, Given], rulesets: Any, shown: bool) -> None:
    seen = protection.seen(scripted_place(scripted, server(**answers)))
    assert (seen.rulesets, seen.shown) == (rulesets, shown)


def test_a_ruleset_of_the_organisation_has_the_rules_that_are_active(scripted: Make) -> None:
    entry = {"id": 5, "name": "all", "target": "branch", "source_type": "Organization", "enforcement": "active"}
    rule = checks((GATE, 9))

    def answer(asked: Asked) -> Given:
        if "/rules/branches/" in asked.path:
            return Given(
                200, [rule | {"ruleset_id": 5, "ruleset_source": "acme", "ruleset_source_type": "Organization"}]
            )
        if "rulesets/5" in asked.path:
            return Given(404, {"message": "Not Found"})
        if "/rulesets" in asked.path:
            return Given(200, [entry, {"id": 6, "name": "tags", "target": "tag"}])
        return server()(asked)

    (found,) = protection.seen(scripted_place(scripted, answer)).rulesets or ()
    assert found == Ruleset(5, "all", "active", {}, (rule,), None, own=False, holds=True)


@pytest.mark.parametrize("change", [NEW, OLD])
@pytest.mark.parametrize(
    ("status", "said", "reason", "hint"),
    [
        (404, "Not Found", "may not change what holds", "Administration: read and write"),
        (403, "Resource not accessible by integration", "may not change what holds", "Administration: read and write"),
        (403, "Must have admin rights to Repository.", "may not change what holds", "administrator"),
        (403, "Upgrade to GitHub Pro or make this repository public", "does not protect private", "Make it public"),
        (401, "Bad credentials", "does not accept the token", "ended"),
        (422, "Validation Failed", "Validation Failed", ""),
    ],
)
def test_refusals_of_a_write(scripted: Make, change: Change, status: int, said: str, reason: str, hint: str) -> None:
    def answer(asked: Asked) -> Given:
        return Given(200, []) if asked.method == "GET" else Given(status, {"message": said})

    with pytest.raises(Refusal) as told:
        protection.write(scripted_place(scripted, answer), "main", change)
    assert reason in told.value.reason
    assert hint in told.value.hint


def test_protection_with_parts_that_are_not_known(scripted: Make) -> None:
    data = {
        "enforce_admins": {"enabled": True},
        "required_moon": {"enabled": True},
        "required_pull_request_reviews": {"required_approving_review_count": 1, "moon": 1, "url": ""},
        CHECKS: {"strict": False, "contexts": ["a", "b"], "checks": [{"context": "a", "app_id": 4}]},
    }
    seen = protection.seen(scripted_place(scripted, server(protection=Given(200, data))))
    assert seen.classic is not None
    assert seen.classic.unknown == ("required_moon", "moon")
    assert seen.classic.checks == (("a", 4), ("b", 0))
    assert replace(seen.classic, checks=None, reviews=None, unknown=(), switches={}) == Classic(enforce_admins=True)


@pytest.mark.parametrize("data", [None, [], "x", 7])
def test_protection_that_is_not_understood_is_not_written(scripted: Make, data: Any) -> None:
    seen = protection.seen(scripted_place(scripted, server(protection=Given(200, data))))
    assert not seen.shown
    with pytest.raises(Refusal, match="not shown"):
        plan(seen, 7, Form.CLASSIC)
