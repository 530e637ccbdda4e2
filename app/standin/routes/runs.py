"""Check runs and check suites."""

from datetime import datetime
from typing import Any

from app.standin import events, moves
from app.standin.git import SHA
from app.standin.routes.git.commits import commit_of
from app.standin.routing import Answer, Call, Problem, Route, forbidden, gone
from app.standin.shapes import checks
from app.standin.state import App, Run, Suite

MOST_TEXT = 65_535
MOST_ANNOTATIONS = 50
STATUSES = ("queued", "in_progress", "completed", "waiting", "requested", "pending")
CONCLUSIONS = ("action_required", "cancelled", "failure", "neutral", "success", "skipped", "timed_out")
LEVELS = ("notice", "warning", "failure")
BUTTON = {"label": 20, "description": 40, "identifier": 20}


def _refuse(text: str) -> Problem:
    return Problem(422, f"Invalid request.\n\n{text}")


def _app(call: Call) -> App:
    if call.app is None:
        raise forbidden("You must authenticate via a GitHub App.")
    return call.app


def create_run(call: Call) -> Answer:
    app, name, head = _app(call), call.want("name", str), call.want("head_sha", str)
    git = call.repository.git
    if not SHA.fullmatch(head) or git.kind(head) != "commit":
        raise Problem(422, f"No commit found for SHA: {head}")
    _checked(call)
    suite = moves.suite(call.world, call.repository, app, head, None, "", call.actor)
    now = call.world.now()
    run = call.world.new(Run, suite=suite, name=name, status="queued", conclusion=None, started=now, completed=None)
    suite.runs.append(run)
    _write(call, run)
    _told(call, run, "created")
    return Answer(checks.run(call.world, run), 201)


def update_run(call: Call) -> Answer:
    run = _run(call)
    if run.suite.app is not _app(call):
        raise forbidden(
            f"Invalid app_id `{_app(call).id}` - check run can only be modified by the GitHub App that created it."
        )
    _checked(call)
    was = run.status
    run.name = call.maybe("name", str) or run.name
    _write(call, run)
    if run.status == "completed" and was != "completed":
        _completed(call, run)
    elif run.status != "completed" and was == "completed":
        _told(call, run, "created")
    return Answer(checks.run(call.world, run))


def _told(call: Call, run: Run, action: str) -> None:
    events.check_run(call.world, run, action, call.actor)
    if run.status == "completed":
        _completed(call, run, again=action != "created")


def _completed(call: Call, run: Run, again: bool = True) -> None:
    if again:
        events.check_run(call.world, run, "completed", call.actor)
    if checks.suite_state(run.suite)[0] == "completed":
        events.check_suite(call.world, run.suite, "completed", call.actor)


def _checked(call: Call) -> None:
    """Everything that GitHub bounds, before anything is changed."""
    status, conclusion = call.maybe("status", str), call.maybe("conclusion", str)
    if status is not None and status not in STATUSES:
        raise _refuse(f"For 'properties/status', {status} is not a member of {list(STATUSES)}")
    if conclusion is not None and conclusion not in CONCLUSIONS:
        raise _refuse(f"For 'properties/conclusion', {conclusion} is not a member of {list(CONCLUSIONS)}")
    if status == "completed" and conclusion is None:
        raise _refuse('"conclusion" wasn\'t supplied.')
    if conclusion is not None and status not in {None, "completed"}:
        raise _refuse("A conclusion needs the status completed.")
    for name in ("started_at", "completed_at"):
        if told := call.maybe(name, str):
            _time(told)
    _actions(call.maybe("actions", list) or [])
    output = call.maybe("output", dict)
    if output is None:
        return
    unknown = set(output) - {
        "title",
        "summary",
        "text",
        "annotations",
        "images",
        "annotations_count",
        "annotations_url",
    }
    if unknown:
        raise _refuse(f"{sorted(unknown)} are not permitted keys of output.")
    for name in ("title", "summary"):
        if not isinstance(output.get(name), str):
            raise _refuse(f'"{name}" wasn\'t supplied in output.')
    for name in ("summary", "text"):
        if len(output.get(name) or "") > MOST_TEXT:
            raise _refuse(f"Only {MOST_TEXT} characters are allowed; {len(output[name])} were supplied for {name}.")
    _annotations(output.get("annotations") or [])


def _actions(actions: list[Any]) -> None:
    if len(actions) > 3:
        raise _refuse(f"No more than 3 items are allowed; {len(actions)} were supplied.")
    for one in actions:
        for name, most in BUTTON.items():
            value = one.get(name) if isinstance(one, dict) else None
            if not isinstance(value, str) or not value:
                raise _refuse(f'"{name}" wasn\'t supplied in actions.')
            if len(value) > most:
                raise _refuse(f"Only {most} characters are allowed; {len(value)} were supplied for {name}.")


def _annotations(annotations: list[Any]) -> None:
    if len(annotations) > MOST_ANNOTATIONS:
        raise _refuse(f"No more than {MOST_ANNOTATIONS} items are allowed; {len(annotations)} were supplied.")
    for one in annotations:
        for name, kind in (("path", str), ("start_line", int), ("end_line", int), ("message", str)):
            if not isinstance(one, dict) or not isinstance(one.get(name), kind) or one[name] == "":
                raise _refuse(f'"{name}" wasn\'t supplied in annotations.')
        if one.get("annotation_level") not in LEVELS:
            raise _refuse(f"annotation_level is not a member of {list(LEVELS)}")
        if one["start_line"] < 1 or one["end_line"] < one["start_line"]:
            raise _refuse("start_line must be 1 or more and not after end_line.")
        columns = (one.get("start_column"), one.get("end_column"))
        if one["start_line"] != one["end_line"] and columns != (None, None):
            raise _refuse("start_column and end_column are only for annotations of one line.")
        if len(one["message"].encode()) > 65_536 or len((one.get("raw_details") or "").encode()) > 65_536:
            raise _refuse("message and raw_details are 64 KB at most.")
        if len(one.get("title") or "") > 255:
            raise _refuse("title is 255 characters at most.")


def _write(call: Call, run: Run) -> None:
    body, now = call.body, call.world.now()
    run.external_id = body.get("external_id", run.external_id) or ""
    run.details_url = body.get("details_url", run.details_url)
    run.status = body.get("status") or ("completed" if body.get("conclusion") else run.status)
    if body.get("conclusion"):
        run.conclusion, run.status = body["conclusion"], "completed"
    elif run.status != "completed":
        run.conclusion, run.completed = None, None
    if body.get("started_at"):
        run.started = _time(body["started_at"])
    if run.status == "completed":
        run.completed = _time(body["completed_at"]) if body.get("completed_at") else run.completed or now
    if "actions" in body:
        run.actions = [dict(one) for one in body["actions"]]
    if body.get("output"):
        told = dict(body["output"])
        run.annotations += told.pop("annotations", None) or []
        run.output = run.output | told
    run.suite.updated = now


def _time(text: str) -> float:
    try:
        return datetime.fromisoformat(text).timestamp()
    except (TypeError, ValueError):
        raise _refuse(f"{text!r} is not a date-time.") from None


def _run(call: Call) -> Run:
    found = next((run for run in call.repository.runs if run.id == call.number("check_run_id")), None)
    if found is None:
        raise gone()
    return found


def get_run(call: Call) -> Answer:
    return Answer(checks.run(call.world, _run(call)))


def annotations(call: Call) -> Answer:
    run = _run(call)
    return call.paged(run.annotations, lambda one: checks.annotation(call.world, run, one))


def rerequest_run(call: Call) -> Answer:
    """By whoever may write, or the App itself; the suite's status starts anew."""
    run = _run(call)
    if call.app and run.suite.app is not call.app:
        raise forbidden()
    run.status, run.conclusion, run.completed = "queued", None, None
    events.check_run(call.world, run, "rerequested", call.actor)
    return Answer({}, 201)


def _listed(call: Call, found: list[Run]) -> Answer:
    query = call.query
    if query.get("app_id"):
        found = [run for run in found if str(run.suite.app.id) == query["app_id"]]
    if query.get("filter", "latest") == "latest":
        found = list({(run.suite.app.id, run.name): run for run in found}.values())
    if "check_name" in query:
        found = [run for run in found if run.name == query["check_name"]]
    if "status" in query:
        found = [run for run in found if run.status == query["status"]]
    found.sort(key=lambda run: run.id, reverse=True)
    return call.paged(found, lambda run: checks.run(call.world, run), wrap="check_runs")


def runs_of_commit(call: Call) -> Answer:
    sha = commit_of(call, call.params["ref"])
    return _listed(call, [run for run in call.repository.runs if run.head == sha])


# ── suites ──


def suites_of_commit(call: Call) -> Answer:
    sha, query = commit_of(call, call.params["ref"]), call.query
    found = [suite for suite in call.repository.suites if suite.head == sha]
    if query.get("app_id"):
        found = [suite for suite in found if str(suite.app.id) == query["app_id"]]
    if "check_name" in query:
        found = [suite for suite in found if any(run.name == query["check_name"] for run in suite.runs)]
    return call.paged(found, lambda suite: checks.suite(call.world, suite), wrap="check_suites")


def _suite(call: Call) -> Suite:
    found = next((one for one in call.repository.suites if one.id == call.number("check_suite_id")), None)
    if found is None:
        raise gone()
    return found


def create_suite(call: Call) -> Answer:
    app, head = _app(call), call.want("head_sha", str)
    if call.repository.git.kind(head) != "commit":
        raise Problem(422, f"No commit found for SHA: {head}")
    there = any(one.app is app and one.head == head for one in call.repository.suites)
    made = moves.suite(call.world, call.repository, app, head, None, "", call.actor)
    return Answer(checks.suite(call.world, made), 200 if there else 201)


def get_suite(call: Call) -> Answer:
    return Answer(checks.suite(call.world, _suite(call)))


def runs_of_suite(call: Call) -> Answer:
    return _listed(call, list(_suite(call).runs))


def rerequest_suite(call: Call) -> Answer:
    suite = _suite(call)
    if call.app and suite.app is not call.app:
        raise forbidden()
    events.check_suite(call.world, suite, "rerequested", call.actor)
    return Answer({}, 201)


READ, WRITE = "checks:read", "checks:write"
REPO = "/repos/{owner}/{repo}"
UPDATE = (
    "name", "details_url", "external_id", "started_at", "status", "conclusion", "completed_at", "output", "actions"
)  # fmt: skip
ROUTES = (
    Route("POST", f"{REPO}/check-runs", WRITE, create_run, ("head_sha", *UPDATE)),
    Route("GET", f"{REPO}/check-runs/{{check_run_id}}", READ, get_run),
    Route("PATCH", f"{REPO}/check-runs/{{check_run_id}}", WRITE, update_run, UPDATE),
    Route("GET", f"{REPO}/check-runs/{{check_run_id}}/annotations", READ, annotations),
    Route("POST", f"{REPO}/check-runs/{{check_run_id}}/rerequest", WRITE, rerequest_run, role="write"),
    Route("GET", f"{REPO}/commits/{{ref:path}}/check-runs", READ, runs_of_commit),
    Route("GET", f"{REPO}/commits/{{ref:path}}/check-suites", READ, suites_of_commit),
    Route("POST", f"{REPO}/check-suites", WRITE, create_suite, ("head_sha",)),
    Route("GET", f"{REPO}/check-suites/{{check_suite_id}}", READ, get_suite),
    Route("GET", f"{REPO}/check-suites/{{check_suite_id}}/check-runs", READ, runs_of_suite),
    Route("POST", f"{REPO}/check-suites/{{check_suite_id}}/rerequest", WRITE, rerequest_suite, role="write"),
)
