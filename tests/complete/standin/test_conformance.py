"""A scenario that uses every route of the stand-in, held against GitHub's own descriptions."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator

import pytest

from tests.complete.standin.described import exchange_faults, payload_faults, rest
from tests.complete.standin.playing import apps, checking, code, merging, talk
from tests.complete.standin.stage import Stage, stage

pytestmark = pytest.mark.complete

NO_REST = ("/graphql", "/settings/", "/organizations/", "/apps/selfmod/installations/new", "/login/oauth/")
"""What is no part of the REST description: GraphQL has its own test, the rest are pages and signing in."""
EVENTS = {
    "check_run": {"created", "completed", "rerequested", "requested_action"},
    "check_suite": {"requested", "rerequested", "completed"},
    "installation": {"created", "deleted"},
    "installation_repositories": {"added"},
    "issue_comment": {"created", "edited", "deleted"},
    "issues": {"opened", "edited", "closed", "reopened", "labeled"},
    "merge_group": {"checks_requested", "destroyed"},
    "pull_request": {
        "opened", "edited", "synchronize", "closed", "reopened", "labeled", "unlabeled", "review_requested",
        "review_request_removed", "converted_to_draft", "ready_for_review", "auto_merge_enabled", "auto_merge_disabled",
    },
    "pull_request_review": {"submitted", "dismissed"},
    "push": {""},
    "status": {""},
}  # fmt: skip
"""What the scenario has to cause at least."""
KNOWN = (
    # of the list only, the description wants an account to be a user and an enterprise at once
    r"GET /app/installations -> 200: at \d+/account: 'name' is a required property",
    # GitHub itself gives sentences here; its description has objects
    r"POST /repos/\{owner\}/\{repo\}/rulesets -> 422: at errors/\d+: .* is not of type 'object'",
    # permissions are an open list, and these fields are named of other things of the same kind
    r".*/permissions: '\w+' is not described",
    r".*: 'user_view_type' is not described",
    r"pull_request/review_request.*_teams?.*: '(notification_setting|type|organization_id)' is not described",
    r"GET /app/installations -> 200: at \d+: 'client_id' is not described",
    # the description of this one field does not know the event, that of the App does
    r"check_suite/.*: at check_suite/app/events/\d+: 'merge_group' is not one of",
)
"""What GitHub's description has against GitHub, and why."""


def told(faults: Iterable[str]) -> str:
    """All that are not known, each with how often it is there; empty where there are none."""
    counted = Counter(fault for fault in faults if not any(re.match(known, fault) for known in KNOWN))
    return "\n".join(f"{count}x {fault}" for fault, count in counted.items())


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("standin")) as made:
        for act in (apps, code, talk, checking, merging):
            act.play(made)
        made.github.hooks.settle()
        yield made


def test_every_route_is_used(played: Stage) -> None:
    assert played.unused() == []
    assert played.github.unknown == []


def test_every_request_and_answer_is_as_githubs(played: Stage) -> None:
    asked = [each for each in played.exchanges if not each.target.startswith(NO_REST)]
    assert told(fault for each in asked for fault in exchange_faults(each)) == ""


def test_every_payload_is_as_githubs(played: Stage) -> None:
    found = (fault for each in played.delivered for fault in payload_faults(each.event, each.body, each.headers))
    assert told(found) == ""


def test_the_scenario_causes_every_event(played: Stage) -> None:
    seen = {(each.event, json.loads(each.body).get("action") or "") for each in played.delivered}
    wanted = {(event, action) for event, actions in EVENTS.items() for action in actions}
    assert wanted - seen == set()


def test_enough_is_held(played: Stage) -> None:
    """The figures do not shrink unseen."""
    operations = {str(rest().operation(each.method, each.target.partition("?")[0])) for each in played.exchanges}
    assert len(played.routes) >= 140
    assert len(operations - {"None"}) >= 126
    assert len(played.delivered) >= 100
