"""Check runs on the stand-in: one of each name on a commit, whatever fails in between."""

from dataclasses import replace
from typing import Any

import pytest

from app.github import runs
from app.model.forge import Annotation, Button, CheckRun, Conclusion
from app.model.trouble import Doubtful, Unavailable
from tests.app.github.conftest import REPOSITORY, World


def notes(count: int) -> tuple[Annotation, ...]:
    return tuple(Annotation("shop.py", n + 1, n + 1, "warning", f"message {n}", f"title {n}") for n in range(count))


def wanted(head: str, **more: Any) -> CheckRun:
    return CheckRun("selfmod/validation", head, "key-1", "all is well", "summary", **more)


def stored(world: World) -> list[Any]:
    repository = world.github.world.repository(REPOSITORY)
    assert repository is not None
    return list(repository.runs)


def told(world: World, run: int) -> list[str]:
    path = f"check-runs/{run}/annotations"
    return [each["message"] for each in world.host.place.pages("check runs", path)]


def writes(world: World) -> int:
    return sum(each.method in ("POST", "PATCH") and "check-runs" in each.path for each in world.github.calls)


def test_a_run_is_made_and_seen(world: World) -> None:
    base = world.base
    button = Button("Fix" * 20, "d" * 50, "fix")
    run = wanted(base, text="more", annotations=notes(2), buttons=(button,), url="https://selfmod.example/r/1")
    made = world.host.put_run(run)
    (seen,) = world.host.runs(base)
    assert (seen.id, seen.name, seen.key, seen.status, seen.title) == (
        made,
        "selfmod/validation",
        "key-1",
        "in_progress",
        "all is well",
    )
    assert seen.app == world.credentials.app_id and seen.annotations == 2
    assert stored(world)[0].actions[0]["label"] == "Fix" * 6 + "F…"
    assert world.host.put_run(replace(run, conclusion=Conclusion.SUCCESS)) == made
    (seen,) = world.host.runs(base)
    assert (seen.status, seen.conclusion, seen.annotations) == ("completed", "success", 2)


@pytest.mark.parametrize("count", [0, 1, 50, 51, 120])
def test_annotations_go_in_batches_and_once(world: World, count: int) -> None:
    run = wanted(world.base, conclusion=Conclusion.FAILURE, annotations=notes(count))
    made = world.host.put_run(run)
    expected = [each.message for each in run.annotations]
    assert told(world, made) == expected
    assert writes(world) == max(1, -(-count // 50))
    assert world.host.put_run(run) == made
    assert told(world, made) == expected
    assert stored(world)[0].status == "completed"


@pytest.mark.parametrize("kind", ["5xx_after_work", "disconnect_after_work", "5xx", "disconnect"])
@pytest.mark.parametrize(("method", "path"), [("POST", "/check-runs$"), ("PATCH", "/check-runs/")])
def test_a_failure_that_may_have_done_the_work_leaves_one_run(world: World, kind: Any, method: str, path: str) -> None:
    fault = world.github.faults.add(method, path, kind)
    run = wanted(world.base, conclusion=Conclusion.FAILURE, annotations=notes(120))
    made = world.host.put_run(run)
    assert fault.hits == 1
    assert [each.id for each in stored(world)] == [made]
    assert sorted(told(world, made)) == sorted(each.message for each in run.annotations)
    assert stored(world)[0].status == "completed"


def test_a_server_that_stays_down_is_unavailable_and_a_later_try_ends_it(world: World) -> None:
    world.github.faults.add("PATCH", "/check-runs/", "5xx_after_work", times=100)
    run = wanted(world.base, conclusion=Conclusion.FAILURE, annotations=notes(120))
    with pytest.raises(Doubtful):
        world.host.put_run(run)
    world.github.faults.clear()
    made = world.host.put_run(run)
    assert [each.id for each in stored(world)] == [made]
    assert sorted(told(world, made)) == sorted(each.message for each in run.annotations)


def test_a_run_that_was_cut_off_is_not_completed(world: World) -> None:
    world.github.faults.add("PATCH", "/check-runs/", "5xx", times=100)
    with pytest.raises(Unavailable):
        world.host.put_run(wanted(world.base, conclusion=Conclusion.SUCCESS, annotations=notes(51)))
    assert [each.status for each in stored(world)] == ["in_progress"]


def test_a_secondary_limit_is_waited_for(world: World) -> None:
    world.github.faults.add("POST", "/check-runs$", "secondary_limit", retry_after=2)
    world.host.put_run(wanted(world.base))
    assert world.waits == [2.0]
    world.github.faults.add("PATCH", "/check-runs/", "secondary_limit", retry_after=120)
    with pytest.raises(Unavailable) as raised:
        world.host.put_run(wanted(world.base))
    assert raised.value.after == 120
    assert len(stored(world)) == 1


def test_a_completed_run_is_taken_back_in_place(world: World) -> None:
    run = wanted(world.base, conclusion=Conclusion.SUCCESS)
    made = world.host.put_run(run)
    again = replace(run, conclusion=None, key="key-2", title="once more")
    assert world.host.put_run(again) == made
    (seen,) = world.host.runs(world.base)
    assert (seen.status, seen.conclusion, seen.key, seen.title) == ("in_progress", "", "key-2", "once more")


def test_runs_of_other_apps_and_commits_are_not_ours(world: World) -> None:
    base = world.base
    other = world.github.app(name="other")
    installation = world.github.install(other, [REPOSITORY])
    from app.github.app import connect
    from tests.app.github.conftest import settings_for

    theirs = connect(settings_for(world.github, other, world.settings.data_dir)).host(REPOSITORY, installation)
    run = wanted(base, conclusion=Conclusion.SUCCESS)
    first = theirs.put_run(run)
    made = world.host.put_run(run)
    assert made != first
    assert [each.id for each in world.host.runs(base)] == [made]
    head = world.github.push(REPOSITORY, "topic", {"shop.py": "x = 2\n"}, by="bob")
    assert world.host.put_run(replace(run, head=head)) not in (first, made)
    assert world.host.runs(head)[0].head == head


def test_of_several_runs_of_a_name_the_one_with_the_key_is_updated(world: World) -> None:
    base = world.base
    old = world.host.put_run(wanted(base))
    place = world.host.place
    body = {"name": "selfmod/validation", "head_sha": base, "external_id": "key-2"}
    new = place.send("check runs: write", "POST", "check-runs", body)["id"]
    assert world.host.put_run(wanted(base)) == old
    assert world.host.put_run(replace(wanted(base), key="key-3")) == new
    assert [each.id for each in world.host.runs(base)] == [new]


def test_more_than_a_page_of_runs_is_seen(world: World) -> None:
    base = world.base
    for number in range(104):
        world.host.place.send("check runs: write", "POST", "check-runs", {"name": f"n{number}", "head_sha": base})
    assert len(world.host.runs(base)) == 104


def test_texts_are_cut_and_hostile_ones_stay_texts(world: World) -> None:
    hostile = "\x00\ud800<!-- -->\n::error::\u202e@ann"
    run = CheckRun(
        "selfmod/gate",
        world.base,
        "key",
        "t" * 400 + "\n" + hostile,
        "s" * 70_000,
        hostile * 9_000,
        annotations=(
            Annotation("a\ud800.py", 0, 0, "notice", hostile * 5_000, "t\n" * 400, hostile * 5_000, 3, 1),
            Annotation("b.py", 5, 2, "failure", "", start_column=3, end_column=4),
            Annotation("c.py", 5, 7, "failure", "x", start_column=3, end_column=4),
        ),
    )
    made = world.host.put_run(run)
    (seen,) = stored(world)
    assert len(seen.output["title"]) == 255 and "\n" not in seen.output["title"]
    assert len(seen.output["summary"]) == 65_535 and "cut" in seen.output["summary"][-60:]
    assert len(seen.output["text"]) == 65_535
    assert len(told(world, made)) == 3
    assert world.host.put_run(run) == made
    assert len(told(world, made)) == 3


def test_a_server_without_a_list_of_annotations_is_believed_their_number() -> None:
    from app.model.forge import SeenRun
    from app.model.trouble import Gone

    class Blind:
        def pages(self, *_: object, **__: object) -> list[Any]:
            raise Gone("no such route")

    seen = SeenRun(1, "n", "h", "k", "completed", "success", "t", 7, annotations=2)
    place: Any = Blind()
    assert runs._missing(place, seen, notes(3)) == [notes(3)[2]]
