"""`selfmod demo`: the whole line as a process of its own, checked by itself, and nothing of it is left."""

import json
import subprocess
from pathlib import Path

import pytest

from app.cli.showing.steps import STEPS
from checks.validation.asked import Tested
from tests.commands import process, selfmod


@pytest.mark.complete  # `make demo` is the same walk
@pytest.mark.timeout(300)
def test_every_step_holds(home: Path, tmp_path: Path) -> None:
    ran = process("demo", "--json", at=tmp_path, env={"GIT_CONFIG_NOSYSTEM": "1", "CI": "true"})
    told = json.loads(ran.text)
    assert [(each["name"], each["outcome"], each["why"]) for each in told["steps"]] == [
        (each.name, "held", "") for each in STEPS
    ], ran.text
    assert ran.code == 0 and ran.error == "" and told["held"] is True and told["not_reached"] == []
    assert set(told["command_seconds"]) >= {"first pull request", "all of them, with the reply"}
    shown = {each["name"]: "\n".join(e["shows"] for e in each["events"] if "shows" in e) for each in told["steps"]}
    assert "orders/report.py:13" in shown["report"] and "LOW_RISK: merged by selfmod[bot]" in shown["automatic"]
    assert (
        "@bob: it does not count: asked for this change" in shown["requester"]
        and "has the files from before" in shown["rollback"]
    )
    assert "stopped by @bob: incident 4711" in shown["stop"]
    assert list((home / "tmp").iterdir()) == [] and list(tmp_path.iterdir()) == []
    assert str(home) not in subprocess.run(["ps", "-wweo", "args"], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--repo", "none"), "does not exist"),
        (("--repo", "broken"), "is no mapping"),
        (("--keep", "."), "exists already"),
        (("--python", "none"), "none is neither an interpreter nor an environment.  Name the interpreter"),
        (("--keep", "link"), "exists already"),
    ],
)
def test_what_cannot_be(tmp_path: Path, home: Path, arguments: tuple[str, ...], said: str) -> None:
    (tmp_path / "link").symlink_to("nowhere")
    (tmp_path / "broken" / ".github").mkdir(parents=True)
    (tmp_path / "broken" / ".github" / "selfmod.yml").write_text("- 1\n")
    ran = process("demo", *arguments, at=tmp_path)
    assert ran.code == 2 and ran.out == b"" and said in ran.error and ran.error.count("\n") == 1
    assert list((home / "tmp").iterdir()) == []


def test_no_sandbox_on_this_host(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    missing = Tested(missing="no sandbox on this host.  Install bubblewrap: apt-get install bubblewrap")
    monkeypatch.setattr("checks.judge.ready", lambda *_: missing)
    ran = selfmod("demo", at=tmp_path)
    assert ran.code == 2 and ran.out == b""
    assert ran.error == "selfmod: no sandbox on this host.  Install bubblewrap: apt-get install bubblewrap\n"
