"""setup.sh for real: what it installs comes from the lock, and nothing of the workspace has a say."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.complete.installed import python_folder, sources

MODULES = ("venv", "pip", "ensurepip", "sitecustomize", "usercustomize", "sys", "app", "hatchling", "json")
LIST = "import importlib.metadata as m; print(*sorted(f'{d.name}=={d.version}' for d in m.distributions()))"


@dataclass(frozen=True)
class Host:
    """A folder of the runner's, the Action's checkout, and a workspace that wants to be heard."""

    place: Path

    @property
    def proof(self) -> Path:
        """What is there once anything of the workspace has run."""
        return self.place / "proof"

    @property
    def python(self) -> Path:
        """The interpreter that is set up."""
        return self.place / "temp/selfmod/bin/python"

    def variables(self) -> dict[str, str]:
        """The runner's, with those that an earlier step could have set."""
        planted = str(self.place / "workspace")
        kept = {
            name: value for name, value in os.environ.items() if name in ("HOME", "LANG", "PIP_INDEX_URL", "PIP_CERT")
        }
        return kept | {
            "PATH": f"{python_folder()}:{os.environ['PATH']}",
            "RUNNER_TEMP": str(self.place / "temp"),
            "GITHUB_ACTION_PATH": str(self.place / "action"),
            **dict.fromkeys(("PYTHONPATH", "PYTHONHOME", "PYTHONUSERBASE", "PIP_TARGET", "PIP_PREFIX"), planted),
            **dict.fromkeys(("PIP_CONFIG_FILE", "PIP_CONSTRAINT", "PIP_REQUIREMENT"), f"{planted}/pip.conf"),
            "PYTHONSTARTUP": f"{planted}/venv.py",
            "PYTHONINSPECT": "1",
            "PIP_NO_INDEX": "1",
            "PIP_DRY_RUN": "1",
            "PIP_USER": "1",
        }

    def run(self, *line: str | Path, event: str = "push") -> subprocess.CompletedProcess[str]:
        """Runs a command in the workspace, in the job of a workflow that an event started."""
        variables = self.variables() | {"GITHUB_EVENT_NAME": event}
        return subprocess.run(
            line, cwd=self.place / "workspace", env=variables, capture_output=True, text=True, check=False
        )

    def setup(self, event: str = "push") -> None:
        """Runs setup.sh, which is to succeed and to leave the workspace unheard."""
        ran = self.run(self.place / "action/app/action/setup.sh", event=event)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert not self.proof.exists(), self.proof.read_text()


def hosted(place: Path) -> Host:
    """All folders, with a trap for each module that could be imported."""
    host = Host(place)
    for name in ("temp", "workspace"):
        (place / name).mkdir()
    sources(place / "action")
    for name in MODULES:
        (place / "workspace" / f"{name}.py").write_text(f"open({str(host.proof)!r}, 'a').write('{name} ')\n")
    (place / "workspace/.python-version").write_text("2.7.18\n")
    (place / "workspace/pip.conf").write_text(f"[install]\ntarget = {place}/target\n")
    (place / "workspace/pyvenv.cfg").write_text("home = /nonexistent\n")
    return host


@pytest.mark.complete
@pytest.mark.timeout(400)
def test_the_environment_is_the_locks_alone(tmp_path: Path) -> None:
    host = hosted(tmp_path)
    before = listing(tmp_path / "action")
    host.setup()
    installed = set(host.run(host.python, "-I", "-c", LIST).stdout.split())
    lock = (tmp_path / "action/app/action/requirements.lock").read_text()
    locked = set(re.findall(r"(?m)^([\w.-]+==[\w.]+)", lock))
    ours = {each for each in installed if each.partition("==")[0] not in ("selfmod", "pip", "setuptools")}
    assert normalised(ours) <= normalised(locked)
    assert {each.partition("==")[0] for each in ours} >= {"bandit", "libcst", "pydantic", "pytest", "ruff"}
    assert listing(tmp_path / "action") == before, "the Action's checkout was written to"
    assert not (tmp_path / "target").exists()

    started = host.run(host.python, "-I", "-m", "app.action")
    assert (started.returncode, started.stdout.startswith("::error title=selfmod::the event's payload")) == (2, True)
    where = host.run(host.python, "-I", "-c", "import app, checks; print(app.__file__, checks.__file__)").stdout.split()
    assert all(Path(each).is_relative_to(tmp_path / "temp/selfmod") for each in where)
    assert not host.proof.exists()

    assert host.run(host.python, "-I", "-c", "import githubkit").returncode != 0

    marked = host.python.lstat().st_mtime_ns
    host.setup()
    assert host.python.lstat().st_mtime_ns == marked, "the second step of a job installed anew"
    module = tmp_path / "action/app/action/__init__.py"
    module.write_text(module.read_text() + "NEWER = True\n")
    host.setup(event="issue_comment")
    assert host.run(host.python, "-I", "-c", "from app.action import NEWER; print(NEWER)").stdout == "True\n"
    # a comment is answered with more, from a lock of its own
    assert host.run(host.python, "-I", "-c", "import app.action.answering.run").returncode == 0
    answering = (tmp_path / "action/app/action/answering/requirements.lock").read_text()
    more = set(host.run(host.python, "-I", "-c", LIST).stdout.split())
    ours = {each for each in more if each.partition("==")[0] not in ("selfmod", "pip", "setuptools")}
    assert normalised(ours) <= normalised(set(re.findall(r"(?m)^([\w.-]+==[\w.]+)", answering)))


@pytest.mark.complete
def test_without_a_python_that_is_new_enough(tmp_path: Path) -> None:
    host = hosted(tmp_path)
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("bash", "cat", "env", "find", "sort", "xargs", "cksum", "id"):
        found = shutil.which(name)
        assert found
        (tools / name).symlink_to(found)
    ran = subprocess.run(
        [tmp_path / "action/app/action/setup.sh"],
        env=host.variables() | {"PATH": str(tools)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 2
    assert ran.stdout.startswith("::error title=selfmod::selfmod needs Python 3.12 or newer"), ran.stderr


def listing(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def normalised(names: set[str]) -> set[str]:
    return {name.lower().replace("_", "-") for name in names}
