"""`selfmod smoke` on the stand-in with the App beside it: the whole walk over the public API, and nothing is left."""

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from app.cli.showing import grounds, trial
from app.cli.showing.hosting import APPROVER, KEEPER, REQUESTER, hosted
from app.standin.server import StandIn
from tests.app.servers import PATIENCE, until
from tests.commands import PROGRAM, environment, process


@pytest.mark.complete
@pytest.mark.timeout(300)
def test_the_walk_leaves_the_repository_as_it_was(tmp_path: Path) -> None:
    with hosted(grounds.sample(), tmp_path, None) as there:
        repository = there.github.world.repository("acme/orders")
        assert repository is not None
        before = repository.git.refs("refs/heads/")
        people = {"GITHUB_TOKEN": REQUESTER, "OTHER": APPROVER, "THIRD": KEEPER}
        tokens = {name: there.github.person(login) for name, login in people.items()}
        env = {"SELFMOD_GITHUB_API_URL": there.github.url, **tokens}
        repository.collaborators[REQUESTER] = "admin"
        others = ("--approver-token-env", "OTHER", "--approver-token-env", "THIRD")
        command = ("smoke", "--repo", "acme/orders", "--yes", "--json", *others)
        ran = process(*command, at=tmp_path, env=env)
        told = json.loads(ran.text)
        outcomes = {each["name"]: each["outcome"] for each in told["steps"]}
        assert list(outcomes) == [each.name for each in trial.SMOKE], ran.text
        assert set(outcomes.values()) == {"held"}, ran.text
        assert ran.code == 0 and ran.error == "" and told["held"] is True
        assert repository.git.refs("refs/heads/") == before
        assert not any(pull.open for pull in repository.pulls) and list(repository.protection) == []
        assert all(token not in ran.text for token in tokens.values())
        assert there.github.unknown == []


@pytest.mark.parametrize("interrupted", [False, True])
def test_without_an_app_it_fails_and_takes_everything_away(tmp_path: Path, interrupted: bool) -> None:
    with StandIn(tmp_path / "github") as github:
        repository = github.repository("acme/orders", {"a.py": "x = 1\n"}, collaborators={"bob": "admin"})
        before = repository.git.refs("refs/heads/")
        env = environment(SELFMOD_GITHUB_API_URL=github.url, GITHUB_TOKEN=github.person("bob"))
        command = (*PROGRAM, "smoke", "--repo", "acme/orders", "--yes", "--limit", "60" if interrupted else "1")
        running = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if interrupted:
            until(lambda: repository.pulls)
            running.send_signal(signal.SIGINT)
        out, error = (each.decode() for each in running.communicate(timeout=PATIENCE))
        assert running.returncode == (130 if interrupted else 1), error
        assert "Nothing goes into main." in out and ("waited 1 s in vain for the gate of #1" in out) != interrupted
        assert error == ("selfmod: interrupted.\n" if interrupted else "")
        assert repository.git.refs("refs/heads/") == before and not repository.pulls[0].open
        assert github.unknown == []


def test_what_cannot_be(tmp_path: Path) -> None:
    clean = {name: "" for name in os.environ if name.startswith(("SELFMOD_", "GITHUB_"))}
    none = process("smoke", "--repo", "acme/orders", "--yes", at=tmp_path, env=clean)
    assert none.code == 2 and "the variable GITHUB_TOKEN holds no token" in none.error
