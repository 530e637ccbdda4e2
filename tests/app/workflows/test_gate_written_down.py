"""How the gate stands goes into the audit chain, and from there to the details page."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.dashboard.pages import dashboard_routes
from app.dashboard.stored import Stored
from app.model.forge import Opinion
from app.store import audit
from app.views import links
from app.views.gate_facts import KIND
from checks.model.safety import Level
from tests.pulls.judgements import judged
from tests.pulls.worlds import BOB, World

type Make = Callable[..., World]


def written(world: World) -> list[dict[str, Any]]:
    found = (json.loads(line) for line in audit.export(world.store))
    return [each["facts"] for each in found if each["kind"] == KIND]


def test_each_change_of_the_gate_is_written_down_once(make: Make) -> None:
    world = make("mode: enforce\n")
    pull = world.pull(BOB, cart="x = 1\n")
    world.judged(pull, judged(Level.MEDIUM_RISK))
    for _ in range(3):
        world.weigh(pull)
    world.host.review(pull.number, "ann", Opinion.APPROVED)
    world.weigh(pull)
    world.host.review(pull.number, "ann", Opinion.CHANGES_REQUESTED)
    world.weigh(pull)
    facts = written(world)
    assert [each["stands"] for each in facts] == ["waits", "passes", "waits"]
    assert [each["counted"] for each in facts] == [[], ["ann"], []]
    assert facts[1]["seen"][0]["commit"] == pull.head and facts[2]["blocking"] == ["ann"]
    assert facts[0]["values"] == [{"key": "mode", "value": "enforce", "origin": ".github/selfmod.yml:1"}]
    assert audit.verify(world.store) is None


def test_the_details_page_says_what_the_check_run_says(make: Make) -> None:
    world = make("mode: enforce\n")
    pull = world.pull(BOB, cart="x = 1\n")
    world.judged(pull, judged(Level.MEDIUM_RISK))
    world.host.review(pull.number, "bob", Opinion.APPROVED)
    world.weigh(pull)
    settings = world.settings.model_copy(
        update={"public_url": "http://testserver", "webhook_secrets": (SecretStr("secret"),)}
    )
    (record,) = Stored(world.store).of_pull(pull.repository, pull.number)
    client = TestClient(Starlette(routes=dashboard_routes(settings, Stored(world.store))))
    page = client.get(links.details_url(settings, record.id)).text
    title = world.gate(pull).title.partition(" · ")[2]
    assert title in page and "opened this pull request" in page
    assert f"main@{record.configuration[:10]}" in page and ".github/selfmod.yml:1" in page
    assert urlsplit(links.details_url(settings, record.id)).path == f"/details/{record.id}"
