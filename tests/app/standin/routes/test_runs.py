"""Check runs and suites."""

import pytest

RUNS = "/repos/ann/shop/check-runs"
OUTPUT = {"title": "T", "summary": "S"}


@pytest.fixture
def head(shop) -> str:
    return str(shop.bot.get("/repos/ann/shop/git/ref/heads/main")["object"]["sha"])


def note(line: int, **more: object) -> dict[str, object]:
    return {"path": "a.py", "start_line": line, "end_line": line, "annotation_level": "warning", "message": "m"} | more


def test_a_run_lives(shop, head) -> None:
    run = shop.bot.post(RUNS, {"name": "gate", "head_sha": head, "status": "in_progress", "external_id": "k"})
    assert (run["status"], run["conclusion"], run["app"]["id"]) == ("in_progress", None, shop.app.app_id)
    done = shop.bot.patch(f"{RUNS}/{run['id']}", {"conclusion": "success", "output": OUTPUT})
    assert (done["status"], done["output"]["title"], done["external_id"]) == ("completed", "T", "k")
    assert done["completed_at"]
    again = shop.bot.patch(f"{RUNS}/{run['id']}", {"status": "in_progress"})
    assert (again["conclusion"], again["completed_at"]) == (None, None)
    names = [f"{one.event}.{one.action}" for one in shop.github.deliveries(shop.app) if one.event.startswith("check")]
    assert names == ["check_run.created", "check_run.completed", "check_suite.completed", "check_run.created"]


def test_annotations_are_appended_50_at_a_time(shop, head) -> None:
    run = shop.bot.post(RUNS, {"name": "v", "head_sha": head})
    path = f"{RUNS}/{run['id']}"
    shop.bot.patch(path, {"output": OUTPUT | {"annotations": [note(n + 1) for n in range(51)]}}, 422)
    told = {}
    for start in (0, 50):
        told = shop.bot.patch(path, {"output": OUTPUT | {"annotations": [note(start + n + 1) for n in range(50)]}})
    assert told["output"]["annotations_count"] == 100
    assert [one["start_line"] for one in shop.bot.get(f"{path}/annotations", per_page=60, page=2)] == list(
        range(61, 101)
    )


@pytest.mark.parametrize(
    "body",
    [
        {"output": {"title": "T"}},
        {"output": OUTPUT | {"summary": "x" * 65_536}},
        {"output": OUTPUT | {"text": "x" * 65_536}},
        {"output": OUTPUT | {"annotations": [note(0)]}},
        {"output": OUTPUT | {"annotations": [note(1, annotation_level="error")]}},
        {"output": OUTPUT | {"annotations": [note(1, end_line=2, start_column=1)]}},
        {"output": OUTPUT | {"annotations": [note(1, title="x" * 256)]}},
        {"output": OUTPUT | {"other": 1}},
        {"status": "done"},
        {"status": "completed"},
        {"conclusion": "ok"},
        {"actions": [{"label": "x" * 21, "description": "d", "identifier": "i"}]},
        {"actions": [{"label": "x", "description": "d" * 41, "identifier": "i"}]},
        {"actions": [{"label": "x", "description": "d", "identifier": "i" * 21}]},
        {"actions": [{"label": "x", "description": "d", "identifier": "i"}] * 4},
        {"nonsense": 1},
    ],
)
def test_what_is_out_of_bounds_is_refused_and_changes_nothing(shop, head, body) -> None:
    shop.bot.post(RUNS, {"name": "v", "head_sha": head} | body, 422)
    assert shop.bot.get(f"/repos/ann/shop/commits/{head}/check-runs")["total_count"] == 0


def test_the_latest_of_each_name_is_listed(shop, head) -> None:
    first = shop.bot.post(RUNS, {"name": "a", "head_sha": head})
    second = shop.bot.post(RUNS, {"name": "a", "head_sha": head})
    shop.bot.post(RUNS, {"name": "b", "head_sha": head, "conclusion": "failure"})
    path = "/repos/ann/shop/commits/main/check-runs"
    assert [one["id"] for one in shop.bot.get(path, check_name="a")["check_runs"]] == [second["id"]]
    assert [one["id"] for one in shop.bot.get(path, check_name="a", filter="all")["check_runs"]] == [
        second["id"],
        first["id"],
    ]
    assert shop.bot.get(path, app_id=1)["total_count"] == 0
    (suite,) = shop.bot.get("/repos/ann/shop/commits/main/check-suites")["check_suites"]
    assert shop.bot.get(f"/repos/ann/shop/check-suites/{suite['id']}/check-runs")["total_count"] == 2


def test_buttons_and_asking_again_reach_the_app_whose_run_it_is(shop, head) -> None:
    other = shop.github.app(name="other")
    shop.github.install(other, ["ann/shop"])
    button = {"label": "Fix", "description": "Fixes it", "identifier": "fix"}
    run = shop.bot.post(RUNS, {"name": "a", "head_sha": head, "conclusion": "failure", "actions": [button]})
    shop.github.press("ann/shop", run["id"], "fix", by="bob")
    shop.ann.post(f"{RUNS}/{run['id']}/rerequest")
    suite = run["check_suite"]["id"]
    shop.bob.post(f"/repos/ann/shop/check-suites/{suite}/rerequest")
    (told,) = shop.github.emitted(shop.app, "check_run.requested_action")
    assert b'"requested_action":{"identifier":"fix"}' in told.body
    for name in ("check_run.rerequested", "check_suite.rerequested", "check_run.requested_action"):
        assert len(shop.github.emitted(shop.app, name)) == 1
        assert not shop.github.emitted(other, name)
    assert shop.github.emitted(other, "check_run.created")
    assert shop.bot.get(f"{RUNS}/{run['id']}")["status"] == "queued"


def test_only_its_own_app_changes_a_run(shop, head, api, token_of_app) -> None:
    run = shop.bot.post(RUNS, {"name": "a", "head_sha": head})
    other = shop.github.app(name="other")
    installation = shop.github.install(other, ["ann/shop"])
    token = api(token_of_app(other)).post(f"/app/installations/{installation}/access_tokens")["token"]
    api(token).patch(f"{RUNS}/{run['id']}", {"conclusion": "success"}, 403)
    api(token).patch(f"{RUNS}/1", {"conclusion": "success"}, 404)
    api(token).post(RUNS, {"name": "a", "head_sha": "0" * 40}, 422)


def test_suites_are_made_and_read(shop, head) -> None:
    made = shop.bot.post("/repos/ann/shop/check-suites", {"head_sha": head})
    assert shop.bot.post("/repos/ann/shop/check-suites", {"head_sha": head}, 200)["id"] == made["id"]
    assert (made["status"], made["conclusion"]) == ("queued", None)
    for name, conclusion in (("a", "neutral"), ("b", "success"), ("c", "failure")):
        shop.bot.post(RUNS, {"name": name, "head_sha": head, "conclusion": conclusion})
    shown = shop.bot.get(f"/repos/ann/shop/check-suites/{made['id']}")
    assert (shown["status"], shown["conclusion"], shown["latest_check_runs_count"]) == ("completed", "failure", 3)
    shop.bot.get("/repos/ann/shop/check-suites/1", 404)
    shop.bot.post("/repos/ann/shop/check-suites", {"head_sha": "0" * 40}, 422)


def test_times_are_kept_as_they_are_told(shop, head) -> None:
    told = {"started_at": "2026-01-02T03:04:05Z", "completed_at": "2026-01-02T03:05:00+00:00", "conclusion": "success"}
    run = shop.bot.post(RUNS, {"name": "a", "head_sha": head} | told)
    assert (run["started_at"], run["completed_at"]) == ("2026-01-02T03:04:05Z", "2026-01-02T03:05:00Z")
    shop.bot.post(RUNS, {"name": "a", "head_sha": head, "started_at": "yesterday"}, 422)
    assert shop.bot.get(f"/repos/ann/shop/commits/{head}/check-runs", filter="all")["total_count"] == 1
