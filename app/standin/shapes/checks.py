"""Check runs, check suites and commit statuses."""

from typing import Any

from app.standin.shapes import pulls
from app.standin.shapes.apps import integration
from app.standin.shapes.commits import simple
from app.standin.shapes.people import user
from app.standin.shapes.repositories import minimal
from app.standin.state import Pull, Repository, Run, Status, Suite, World, iso, iso_or_none

_WORST = ("failure", "timed_out", "cancelled", "action_required", "stale", "success", "neutral", "skipped")


def pulls_of(repository: Repository, head: str) -> list[Pull]:
    """Open pull requests of this head; those of forks are not among them, as at GitHub."""
    return [pull for pull in repository.pulls if pull.open and pull.head == head and not pull.from_fork]


def run(world: World, one: Run) -> dict[str, Any]:
    repository = one.suite.repository
    url = f"{world.url}/repos/{repository.full_name}/check-runs/{one.id}"
    web = f"{world.web_url}/{repository.full_name}/runs/{one.id}"
    output = one.output
    return {
        "id": one.id,
        "name": one.name,
        "node_id": one.node_id,
        "head_sha": one.head,
        "external_id": one.external_id,
        "url": url,
        "html_url": web,
        "details_url": one.details_url or one.suite.app.external_url,
        "status": one.status,
        "conclusion": one.conclusion,
        "started_at": iso_or_none(one.started),
        "completed_at": iso_or_none(one.completed),
        "output": {
            "title": output.get("title"),
            "summary": output.get("summary"),
            "text": output.get("text"),
            "annotations_count": len(one.annotations),
            "annotations_url": f"{url}/annotations",
        },
        "check_suite": {"id": one.suite.id},
        "app": integration(world, one.suite.app),
        "pull_requests": [pulls.minimal(world, pull) for pull in pulls_of(repository, one.head)],
    }


_SIMPLE = (
    "id",
    "node_id",
    "head_branch",
    "head_sha",
    "status",
    "conclusion",
    "url",
    "before",
    "after",
    "pull_requests",
    "app",
    "created_at",
    "updated_at",
)
"""Of a suite: what a run carries of it."""


def hooked_run(world: World, one: Run) -> dict[str, Any]:
    """GitHub's `check-run-with-simple-check-suite`: as `check_run` carries it."""
    suite = hooked_suite(world, one.suite)
    return run(world, one) | {"check_suite": {name: suite[name] for name in _SIMPLE}}


def suite_state(one: Suite) -> tuple[str, str | None]:
    """Status and conclusion of a suite, from its newest runs of each name."""
    newest = {run.name: run for run in one.runs}
    if not newest:
        return "queued", None
    if any(run.status != "completed" for run in newest.values()):
        return "in_progress" if any(run.status == "in_progress" for run in newest.values()) else "queued", None
    found = {run.conclusion for run in newest.values()}
    return "completed", next((word for word in _WORST if word in found), "neutral")


def hooked_suite(world: World, one: Suite) -> dict[str, Any]:
    """GitHub's `simple-check-suite`, with what `check_suite` carries beside it."""
    status, conclusion = suite_state(one)
    url = f"{world.url}/repos/{one.repository.full_name}/check-suites/{one.id}"
    return {
        "id": one.id,
        "node_id": one.node_id,
        "head_branch": one.branch,
        "head_sha": one.head,
        "status": status,
        "conclusion": conclusion,
        "url": url,
        "before": one.before,
        "after": one.head,
        "pull_requests": [pulls.minimal(world, pull) for pull in pulls_of(one.repository, one.head)],
        "app": integration(world, one.app),
        "created_at": iso(one.created),
        "updated_at": iso(one.updated),
        "rerequestable": True,
        "runs_rerequestable": True,
        "latest_check_runs_count": len({run.name for run in one.runs}),
        "check_runs_url": f"{url}/check-runs",
        "head_commit": simple(one.repository, one.head),
    }


def suite(world: World, one: Suite) -> dict[str, Any]:
    return hooked_suite(world, one) | {"repository": minimal(world, one.repository)}


def annotation(world: World, one: Run, told: dict[str, Any]) -> dict[str, Any]:
    web = f"{world.web_url}/{one.suite.repository.full_name}"
    return {
        "path": told["path"],
        "blob_href": f"{web}/blob/{one.head}/{told['path']}",
        "start_line": told["start_line"],
        "start_column": told.get("start_column"),
        "end_line": told["end_line"],
        "end_column": told.get("end_column"),
        "annotation_level": told["annotation_level"],
        "title": told.get("title"),
        "message": told["message"],
        "raw_details": told.get("raw_details"),
    }


def status(world: World, repository: Repository, one: Status) -> dict[str, Any]:
    return {
        "url": f"{world.url}/repos/{repository.full_name}/statuses/{one.sha}",
        "avatar_url": f"{world.web_url}/avatars/oa/{one.creator.id}?v=4",
        "id": one.id,
        "node_id": one.node_id,
        "state": one.state,
        "description": one.description,
        "target_url": one.target_url,
        "context": one.context,
        "created_at": iso(one.created),
        "updated_at": iso(one.created),
        "creator": user(world, one.creator),
    }


def simple_status(world: World, repository: Repository, one: Status) -> dict[str, Any]:
    """GitHub's `simple-commit-status`, without who set it."""
    return {name: value for name, value in status(world, repository, one).items() if name != "creator"}
