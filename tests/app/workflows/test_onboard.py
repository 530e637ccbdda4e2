from app.model.job import Job, Kind
from app.views import onboarding
from app.workflows.onboard import STEPS
from app.workflows.steps import State, run_all
from checks import settings
from tests.forges import REPOSITORY, Forge


def asked(forge: Forge, by: str = "ann") -> Job:
    number = forge.issue("What would you do here?", by)
    comment = forge.say(number, "/selfmod", by)
    return forge.job(Kind.ONBOARD, number, comment=comment, actor=by, needs="write")


def test_the_configuration_is_offered_with_a_preview(forge: Forge) -> None:
    forge.pull("one")
    forge.pull("two", {".github/workflows/ci.yml": "on: push\n"})
    forge.pull("three", {"src/shop/cart.py": "def total(prices:\n"})
    job = asked(forge)
    state = run_all(STEPS, forge.tools(), job)
    pull = forge.repository.pull(state["pull"])
    assert pull is not None
    assert pull.head_ref == onboarding.BRANCH
    content = forge.github.file(REPOSITORY, onboarding.BRANCH, settings.PLACE)
    assert content is not None
    assert "Requested-by: @ann" in forge.repository.git.commit(pull.head).message
    assert settings.read(content).allowed_folders == ("src/**", "tests/**")
    body = pull.issue.body or ""
    assert "the last 3 pull requests" in body
    assert "| CRITICAL |" in body
    assert "| blocked | Validation failed: syntax" in body
    (reply,) = [each.body for each in forge.comments(job.number) if each.app is not None]
    assert f"The configuration is offered in #{pull.number}." in reply


def test_every_step_twice_makes_one_pull_request(forge: Forge) -> None:
    forge.pull("one")
    job = asked(forge)
    state: State = {}
    for step in STEPS:
        step.run(forge.tools(), job, dict(state))
        state |= step.run(forge.tools(), job, dict(state))
    offered = [each for each in forge.repository.pulls if each.head_ref == onboarding.BRANCH]
    assert len(offered) == 1
    git = forge.repository.git
    tip, main = git.tip(onboarding.BRANCH), git.tip("main")
    assert tip is not None
    assert len(git.log(tip, main)) == 1


def test_nothing_is_offered_to_somebody_who_cannot_write(forge: Forge) -> None:
    assert run_all(STEPS, forge.tools(), asked(forge, "eve")) == {"superseded": True}
    assert forge.repository.pulls == []


def test_where_there_is_a_configuration_this_is_said(forge: Forge) -> None:
    forge.github.push(REPOSITORY, "main", {settings.PLACE: "mode: observe\n"}, by="ann")
    job = asked(forge)
    assert run_all(STEPS, forge.tools(), job) == {"superseded": True}
    (reply,) = [each.body for each in forge.comments(job.number) if each.app is not None]
    assert "is there already" in reply


def test_a_preview_runs_nothing_and_survives_what_cannot_be_judged(forge: Forge, tmp_path) -> None:
    marker = tmp_path / "ran"
    hostile = f"import pathlib\npathlib.Path({str(marker)!r}).touch()\n"
    forge.pull("one", {"tests/conftest.py": hostile, "sitecustomize.py": hostile})
    state = run_all(STEPS, forge.tools(), asked(forge))
    assert len(state["rows"]) == 1
    assert not marker.exists()
