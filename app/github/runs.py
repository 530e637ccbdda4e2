"""Check runs: one of each name on a commit, updated in place.

*Unverified*: that GitHub takes a completed run back to `in_progress`, and that an empty list of actions removes the
buttons. Its documentation says nothing against either.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from app.github import values
from app.github.place import Place, found_or_made
from app.model.forge import Annotation, CheckRun, SeenRun
from app.model.trouble import Doubtful, Gone

READ, WRITE = "check runs", "check runs: write"
BATCH = 50
"""Annotations of one request: the most that GitHub takes."""
MOST = 1_000
"""Annotations of one run; each further fifty are one more request, and nobody reads them."""
BUTTONS = 3
_TRIES = 3
_MESSAGE = 15_000
"""Characters of an annotation's message: GitHub's limit is 64 KB, and a character may be four bytes."""

type _Mark = tuple[str, int, int, str, str, str]


def own(place: Place, app_id: int, head: str, name: str = "") -> list[SeenRun]:
    """This App's runs of a commit (of one name, if given), the newest first."""
    asked: dict[str, Any] = {"app_id": app_id, "filter": "all"} | ({"check_name": name} if name else {})
    path = f"commits/{values.segment(head)}/check-runs"
    found = [values.run(each) for each in place.pages(READ, path, within="check_runs", **asked)]
    # a server that does not know the filters gives more
    mine = [each for each in found if each.app == app_id and (not name or each.name == name)]
    return sorted(mine, key=lambda each: each.id, reverse=True)


def newest(place: Place, app_id: int, head: str) -> tuple[SeenRun, ...]:
    """This App's runs of a commit, the newest of each name."""
    found: dict[str, SeenRun] = {}
    for each in own(place, app_id, head):
        found.setdefault(each.name, each)
    return tuple(found.values())


def put(place: Place, app_id: int, run: CheckRun) -> int:
    """Creates or updates the one run of this name and commit. A run becomes completed with its last batch of
    annotations only, so that a job that was cut off in between leaves something that is seen to be unfinished."""
    made: list[int] = []

    def look() -> SeenRun | None:
        found = own(place, app_id, run.head, run.name)
        return next((each for each in found if each.key == run.key), found[0] if found else None)

    def make() -> SeenRun:
        body = {"name": values.line(run.name, 100), "head_sha": run.head} | _state(
            run, last=len(run.annotations) <= BATCH
        )
        seen = values.run(place.send(WRITE, "POST", "check-runs", body | _shown(run, run.annotations[:BATCH])))
        made.append(seen.id)
        return seen

    for again in range(_TRIES):
        made.clear()
        seen = found_or_made(look, make)
        try:
            if made:
                _add(place, seen.id, run, run.annotations[BATCH:MOST], told=True)
            else:
                _add(place, seen.id, run, _missing(place, seen, run.annotations[:MOST]), told=False)
        except Doubtful:  # a batch may have got through: look which
            if again == _TRIES - 1:
                raise
        else:
            return seen.id
    raise AssertionError


def _add(place: Place, id: int, run: CheckRun, left: Sequence[Annotation], *, told: bool) -> None:
    """Updates the run in as many requests as its annotations need; none where it was told all when it was made."""
    batches = [left[start : start + BATCH] for start in range(0, len(left), BATCH)] or ([] if told else [()])
    for number, batch in enumerate(batches, 1):
        state = _state(run, last=True) if number == len(batches) else {}
        place.send(WRITE, "PATCH", f"check-runs/{id}", state | _shown(run, batch))


def _state(run: CheckRun, *, last: bool) -> dict[str, Any]:
    if run.conclusion is None or not last:
        return {"status": "in_progress", **values.keys([("started_at", run.started)])}
    times = values.keys([("started_at", run.started), ("completed_at", run.completed)])
    return {"status": "completed", "conclusion": run.conclusion.value, **times}


def _shown(run: CheckRun, annotations: Sequence[Annotation]) -> dict[str, Any]:
    """What people see of it."""
    output: dict[str, Any] = {"title": values.line(run.title), "summary": values.body(run.summary)}
    if run.text:
        output["text"] = values.body(run.text)
    if annotations:
        output["annotations"] = [_annotation(each) for each in annotations]
    actions = [
        {
            "label": values.line(each.label, 20),
            "description": values.line(each.description, 40),
            "identifier": each.identifier[:20],
        }
        for each in run.buttons[:BUTTONS]
    ]
    return {"external_id": run.key, "output": output, "actions": actions} | values.keys([("details_url", run.url)])


def _annotation(each: Annotation) -> dict[str, Any]:
    """Columns are for annotations of one line only: GitHub refuses all others with them."""
    columns = each.start_line == each.end_line and each.start_column > 0
    return {
        "path": values.sendable(each.path, 4_096),
        "start_line": max(each.start_line, 1),
        "end_line": max(each.end_line, each.start_line, 1),
        "annotation_level": each.level,
        "message": values.sendable(each.message, _MESSAGE) or "?",
        **values.keys(
            [
                ("title", values.line(each.title)),
                ("raw_details", values.sendable(each.details, _MESSAGE)),
                ("start_column", each.start_column if columns else 0),
                ("end_column", max(each.end_column, each.start_column) if columns else 0),
            ]
        ),
    }


def _missing(place: Place, seen: SeenRun, wanted: Sequence[Annotation]) -> list[Annotation]:
    """Those that the run does not have yet. Where they cannot be listed, their number says how many came before."""
    if not seen.annotations or not wanted:
        return list(wanted)
    try:
        there = Counter(_mark(each) for each in place.pages(READ, f"check-runs/{seen.id}/annotations", most=10_000))
    except Gone:
        return list(wanted[seen.annotations :])
    missing = []
    for each in wanted:
        mark = _mark(_annotation(each))
        if there[mark]:
            there[mark] -= 1
        else:
            missing.append(each)
    return missing


def _mark(data: Any) -> _Mark:
    """What tells one annotation from another, as it was sent and as it comes back."""
    return (
        values.text(data, "path"),
        values.number(data, "start_line"),
        values.number(data, "end_line"),
        values.text(data, "annotation_level"),
        values.text(data, "title"),
        " ".join(values.text(data, "message").split()),
    )
