"""The environment is the user's, and nothing that the project merely names is bound."""

import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.model.errors import Refusal
from checks.sandbox import environment
from checks.sandbox.port import PROJECT

VERSION = (sys.version_info[0], sys.version_info[1])
LIBRARIES = f"lib/python{VERSION[0]}.{VERSION[1]}/site-packages"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path.resolve() / "work" / "project"
    folder.mkdir(parents=True)
    return folder


def made(folder: Path) -> Path:
    venv.create(folder, with_pip=False, symlinks=True)
    return folder


def hosts(found: environment.Environment) -> set[str]:
    return {str(binding.host) for binding in found.bindings}


def test_nothing_found_is_our_own(project: Path) -> None:
    found = environment.find(project, variables={})
    assert found.version == VERSION and found.folder == PROJECT and not found.paths
    assert found.origin.startswith("selfmod's own Python")


def test_order(project: Path, tmp_path: Path) -> None:
    own, active, chosen = made(project / ".venv"), made(tmp_path / "active"), made(tmp_path / "chosen")
    variables = {"VIRTUAL_ENV": str(active)}
    found = environment.find(project, str(chosen), variables=variables)
    assert found.python == str(chosen / "bin" / "python") and "chosen" in found.origin
    assert environment.find(project, None, variables=variables).python == str(active / "bin" / "python")
    assert environment.find(project, None, variables={}).python == str(own / "bin" / "python")
    interpreter = environment.find(project, str(chosen / "bin" / "python"), variables={})
    assert interpreter.python == found.python and hosts(interpreter) == hosts(found)


def test_bindings(project: Path) -> None:
    folder = made(project / ".venv")
    found = environment.find(project, variables={})
    assert found.version == VERSION and found.paths == ("/packages",)
    assert {str(folder / "bin"), str(folder / "lib"), str(folder / "pyvenv.cfg")} <= hosts(found)
    base = Path(sys.base_prefix).resolve()
    if not base.is_relative_to("/usr"):
        assert {str(base / "bin"), str(base / LIBRARIES.rpartition("/")[0])} <= hosts(found)
    inside = {binding.inside for binding in found.bindings}
    assert {"/packages/pytest", "/packages/_pytest", "/packages/pluggy"} <= inside
    assert not any(Path.home() == binding.host or binding.host == Path("/") for binding in found.bindings)


def test_one_that_the_repository_ships_is_not_used(project: Path) -> None:
    made(project / ".venv")
    found = environment.find(project, variables={}, shipped=lambda folder: folder == ".venv")
    assert found.origin.startswith("selfmod's own")
    found = environment.find(
        project, variables={"VIRTUAL_ENV": str(project / ".venv")}, shipped=lambda folder: folder == ".venv"
    )
    assert found.origin.startswith("selfmod's own")


def hostile() -> Iterator[tuple[str, str, str]]:
    """(name, where bin/python leads, pyvenv.cfg) of environments that name what they should not."""
    yield "home in a secret", "", "home = /root/.ssh\n"
    yield "home in the project", "", "home = {project}/fake/bin\n"
    yield "link into the project", "{project}/fake/bin/python3.12", "home = /usr/bin\n"
    yield "link to another program", "/usr/bin/env", "home = /usr/bin\n"
    yield "link to a shell", "/bin/sh", "home = /bin\n"
    yield "link to nothing", "/no/such/python3.12", "home = /no/such\n"
    yield "home of many lines", "", "home = /etc\nhome = /root\n"


@pytest.mark.parametrize(("name", "link", "text"), hostile())
def test_hostile_environments_are_refused(project: Path, name: str, link: str, text: str) -> None:
    for folder in (project / ".venv", project / "fake"):
        (folder / "bin").mkdir(parents=True)
        (folder / "lib" / "python3.12" / "site-packages").mkdir(parents=True)
    for file in ("os.py", "site.py"):
        (project / "fake" / "lib" / "python3.12" / file).touch()
    marker = project / "ran"
    script = f"#!/bin/sh\ntouch {marker}\necho 3.12\n"
    for path in (project / "fake" / "bin" / "python3.12", project / ".venv" / "bin" / "python3"):
        path.write_text(script)
        path.chmod(0o755)
    (project / ".venv" / "pyvenv.cfg").write_text(text.format(project=project))
    if link:
        (project / ".venv" / "bin" / "python").symlink_to(link.format(project=project))
    with pytest.raises(Refusal):
        environment.find(project, variables={})
    assert not marker.exists()


@pytest.mark.parametrize(
    ("name", "text", "editable"),
    [
        ("__editable__.project.pth", "{project}/src\n", True),
        ("project.pth", "{project}\n", True),
        ("__editable___project_finder.py", "MAPPING = {{'project': '{project}/project'}}\n", True),
        ("project.egg-link", "{project}\n.", True),
        ("other.pth", "{project}-other/src\n", False),
        ("other.pth", "/elsewhere{project}\n", False),
        ("readme.txt", "{project}\n", False),
    ],
)
def test_editable_installs(project: Path, tmp_path: Path, name: str, text: str, editable: bool) -> None:
    folder = made(tmp_path / "env")
    (folder / LIBRARIES / name).write_text(text.format(project=project))
    found = environment.find(project, str(folder), variables={})
    assert found.folder == (str(project) if editable else PROJECT)


@pytest.mark.parametrize("choice", ["no/such", "/etc/passwd", "/etc"])
def test_choices_that_are_none(project: Path, choice: str) -> None:
    with pytest.raises(Refusal):
        environment.find(project, choice, variables={})


def test_our_pytest_is_bound_whole(tmp_path: Path) -> None:
    """An interpreter that sees nothing but what is bound imports pytest (which brings a `py` of one file)."""
    base = Path(sys.base_prefix) / "bin" / "python3"
    found = environment.find(None, str(base), variables={})
    assert found.paths == (environment.PACKAGES,)
    for binding in found.bindings:
        place = Path(binding.inside)
        if place.is_relative_to(environment.PACKAGES):
            (tmp_path / place.name).symlink_to(binding.host)
    program = "import sys; sys.path.append(sys.argv[1]); import pytest; print(pytest.__file__)"
    line = [str(base), "-I", "-S", "-c", program, str(tmp_path)]
    done = subprocess.run(line, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(tmp_path))
