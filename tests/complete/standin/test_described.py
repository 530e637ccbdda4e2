"""What holds the stand-in against GitHub's descriptions finds what is wrong, and nothing where nothing is."""

import json

import pytest

from tests.complete.standin.described import DELIVERED, Exchange, exchange_faults, payload_faults, rest

pytestmark = pytest.mark.complete

LABEL = {
    "id": 1,
    "node_id": "LA_1",
    "url": "https://api.github.com/repos/o/n/labels/a",
    "name": "a",
    "description": None,
    "color": "ededed",
    "default": False,
}
MERGE = "/repos/o/n/pulls/1/merge"
HEADERS = dict.fromkeys(DELIVERED, "1") | {"user-agent": "GitHub-Hookshot/1"}


def exchange(
    method: str, target: str, status: int, answer: object = None, request: object = None, kind: str = "application/json"
) -> Exchange:
    bodies = [b"" if body is None else json.dumps(body).encode() for body in (request, answer)]
    return Exchange(method, target, bodies[0], status, bodies[1], kind)


@pytest.mark.parametrize(
    "good",
    [
        exchange("GET", "/repos/o/n/labels/a%20b", 200, LABEL),
        exchange("GET", "/repos/o/n/labels?per_page=3&page=2", 200, [LABEL]),
        exchange("PUT", MERGE, 200, {"sha": "a", "merged": True, "message": "m"}, {"sha": "a"}),
        exchange("PUT", MERGE, 405, {"message": "Pull Request is not mergeable", "documentation_url": "d"}),
        exchange("GET", MERGE, 204),
        exchange("GET", "/repos/o/n/labels/a", 404, {"message": "Not Found", "documentation_url": "d"}),
        exchange("DELETE", "/repos/o/n/labels/a", 502, {"message": "Server Error"}),
    ],
    ids=lambda each: f"{each.method} {each.target} {each.status}",
)
def test_what_is_described_passes(good: Exchange) -> None:
    assert exchange_faults(good) == []


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (exchange("GET", "/repos/o/n/invented", 200, {}), "no operation"),
        (exchange("GET", "/repos/o/n/labels?colour=red", 200, [LABEL]), "no parameter 'colour'"),
        (exchange("GET", "/repos/o/n/labels?per_page=many", 200, [LABEL]), "parameter per_page"),
        (exchange("GET", "/repos/o/n/labels/a", 200, LABEL | {"color": None}), "at color"),
        (exchange("GET", "/repos/o/n/labels/a", 200, {**LABEL, "id": "1"}), "at id"),
        (exchange("GET", "/repos/o/n/labels/a", 203, LABEL), "status is not described"),
        (
            exchange("GET", "/repos/o/n/labels/a", 200, LABEL | {"invented": 1}),
            "at the top: 'invented' is not described",
        ),
        (exchange("GET", "/repos/o/n/labels", 200, [LABEL, LABEL | {"invented": 1}]), "at 1: 'invented' is not"),
        (exchange("GET", "/repos/o/n/labels/a", 404, ["no"]), "at the top"),
        (exchange("GET", "/repos/o/n/labels/a", 200, LABEL, kind="text/html"), "content type"),
        (exchange("DELETE", "/repos/o/n/labels/a", 204, LABEL), "a body where none is described"),
        (exchange("PUT", MERGE, 200, {"sha": "a", "merged": True}), "'message' is a required property"),
        (
            exchange("PUT", MERGE, 200, {"sha": "a", "merged": True, "message": "m"}, {"merge_method": "octopus"}),
            "request at merge_method",
        ),
        (exchange("POST", "/repos/o/n/labels", 201, LABEL, {"color": "ededed"}), "request at the top: 'name'"),
    ],
    ids=lambda each: each if isinstance(each, str) else f"{each.method} {each.status}",
)
def test_what_is_not_described_is_found(bad: Exchange, why: str) -> None:
    found = exchange_faults(bad)
    assert found
    assert why in " ".join(found)


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("/repos/o/n/contents/a/b.py", "/repos/{owner}/{repo}/contents/{path}"),
        ("/repos/o/n/git/ref/heads/a/b", "/repos/{owner}/{repo}/git/ref/{ref}"),
        ("/repos/o/n/issues/comments/5", "/repos/{owner}/{repo}/issues/comments/{comment_id}"),
        ("/app/hook/deliveries/1/attempts", "/app/hook/deliveries/{delivery_id}/attempts"),
        ("/repos/o/n/compare/a...b/c", "/repos/{owner}/{repo}/compare/{basehead}"),
    ],
)
def test_a_path_means_the_closest_operation(path: str, template: str) -> None:
    operation = rest().operation("POST" if path.endswith("attempts") else "GET", path)
    assert operation is not None
    assert operation.template == template


@pytest.mark.parametrize(
    ("event", "payload", "headers", "why"),
    [
        ("ping", {"zen": "z", "hook_id": 1}, {}, "no header x-github-delivery"),
        ("pull_request", {"action": "invented"}, HEADERS, "no event"),
        ("pull_request", {"action": "opened"}, HEADERS, "required property"),
        ("push", {}, HEADERS | {"user-agent": "curl"}, "User-Agent"),
    ],
)
def test_a_payload_that_is_not_githubs_is_found(event: str, payload: object, headers: dict[str, str], why: str) -> None:
    assert why in " ".join(payload_faults(event, json.dumps(payload).encode(), headers))
