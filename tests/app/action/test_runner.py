"""What the runner is told, and that no value can say more than itself."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.action.runner import SUMMARY, Runner, error
from checks.model.errors import Refusal
from tests.app.action.runs import outputs


@given(st.dictionaries(st.sampled_from(["level", "report"]), st.text(st.characters(exclude_categories=["Cs"]))))
def test_any_value_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, values: dict[str, str]) -> None:
    place = tmp_path_factory.mktemp("runner") / "outputs"
    Runner(place, None).set(values)
    assert outputs(place.read_bytes().decode() if place.exists() else "") == values


def test_outputs_and_summaries_are_added(tmp_path: Path) -> None:
    runner = Runner.of({"GITHUB_OUTPUT": str(tmp_path / "o"), "GITHUB_STEP_SUMMARY": str(tmp_path / "s")})
    runner.set({"level": "SAFE"})
    runner.set({"findings": "0"})
    runner.summarise("one\n")
    runner.summarise("two\n")
    assert outputs((tmp_path / "o").read_text()) == {"level": "SAFE", "findings": "0"}
    assert (tmp_path / "s").read_text() == "one\ntwo\n"


def test_a_long_summary_is_cut_within_a_character(tmp_path: Path) -> None:
    Runner(None, tmp_path / "s").summarise("€" * SUMMARY)
    content = (tmp_path / "s").read_bytes()
    assert len(content) <= SUMMARY
    assert content.decode().endswith("too long for a summary.\n")


def test_outside_of_a_workflow_nothing_is_written() -> None:
    Runner.of({}).set({"level": "SAFE"})


def test_a_file_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="cannot be written"):
        Runner(tmp_path, None).set({"level": "SAFE"})


def test_an_error_is_one_command() -> None:
    said = error("a\n::set-env name=x::y\x1b[2J")
    assert re.fullmatch(r"::error title=selfmod::[^\n\x1b]*", said)


def test_what_is_kept_is_the_callers_alone(tmp_path: Path) -> None:
    kept = Runner.of({"RUNNER_TEMP": str(tmp_path)}).keep({"a.json": "\ud800", "b.sarif": "{}"})
    places = [Path(kept[name]) for name in ("a.json", "b.sarif")]
    assert [place.read_text() for place in places] == ["\\ud800", "{}"]
    assert {place.parent.parent for place in places} == {tmp_path}
    assert places[0].parent.stat().st_mode & 0o077 == 0


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="cannot be written"):
        Runner.of({"RUNNER_TEMP": str(tmp_path / "gone")}).keep({"a": ""})
