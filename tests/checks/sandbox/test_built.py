"""An environment is built of wheels from one place, without running anything of theirs, and kept."""

import hashlib
import io
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from checks.model.errors import Refusal
from checks.sandbox import built
from checks.sandbox.built import Index
from checks.sandbox.environment import Environment
from checks.sandbox.port import Limits
from checks.sandbox.suite import run_tests
from tests.sandboxes import Bare, tree


def wheel(folder: Path, name: str, files: dict[str, str], needs: str = "") -> str:
    """Writes a wheel of version 1.0 and gives its hash."""
    path = folder / f"{name}-1.0-py3-none-any.whl"
    about = f"{name}-1.0.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{needs}"
    kept = {
        **files,
        f"{about}/METADATA": metadata,
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{each},,\n" for each in [*kept, f"{about}/RECORD"])
    with zipfile.ZipFile(path, "w") as archive:
        for each, text in {**kept, f"{about}/RECORD": record}.items():
            archive.writestr(each, text)
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    folder = tmp_path / "wheels"
    folder.mkdir()
    code = f"import pathlib; pathlib.Path({str(tmp_path / 'ran')!r}).touch()\n"
    wheel(folder, "beta", {"beta.py": "VALUE = 2\n", "beta.pth": code})
    wheel(folder, "alpha", {"alpha/__init__.py": "from beta import VALUE\n"}, "Requires-Dist: beta>=1\n")
    return folder


def sdist(folder: Path, name: str, marker: Path) -> None:
    """A source distribution whose set-up leaves a mark."""
    script = f"open({str(marker)!r}, 'w')\nfrom setuptools import setup\nsetup(name={name!r}, version='1.0')\n"
    with tarfile.open(folder / f"{name}-1.0.tar.gz", "w:gz") as archive:
        for each, text in {"setup.py": script, "PKG-INFO": f"Name: {name}\nVersion: 1.0\n"}.items():
            entry = tarfile.TarInfo(f"{name}-1.0/{each}")
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text.encode()))


def build(tmp_path: Path, text: str) -> Environment:
    return built.of_distributions(text, tmp_path / "cache", Index(folders=(tmp_path / "wheels",)))


def test_built_used_and_kept(tmp_path: Path, wheels: Path) -> None:
    found = build(tmp_path, "alpha  # with what it needs\n")
    assert not (tmp_path / "ran").exists()
    assert found.version == (sys.version_info[0], sys.version_info[1]) and found.paths == ("/packages",)
    assert found.origin == "built from 1 declared requirement"
    files = tree(**{"test_it.py": "import alpha\ndef test_it():\n    assert alpha.VALUE == 2\n"})
    ran = run_tests(Bare(), found, files, Limits(seconds=60))
    assert ran.passed and ran.framework.startswith("pytest"), ran
    for each in wheels.iterdir():
        each.unlink()
    assert build(tmp_path, "\n alpha\n") == found
    with pytest.raises(Refusal):
        build(tmp_path, "alpha==1.0\n")
    assert [each.suffix for each in (tmp_path / "cache").iterdir() if each.is_dir()] == [""]


def test_what_was_half_built_is_built_again(tmp_path: Path, wheels: Path) -> None:
    found = build(tmp_path, "beta")
    folder = Path(found.python).parent.parent
    (folder / built.DONE).unlink()
    (folder / "pyvenv.cfg").write_text("home = /etc\n")
    assert build(tmp_path, "beta") == found and (folder / built.DONE).is_file()


def test_locked(tmp_path: Path, wheels: Path) -> None:
    files = {name: wheels / f"{name}-1.0-py3-none-any.whl" for name in ("alpha", "beta")}
    right = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}
    lines = [f"{name}==1.0 \\\n    --hash=sha256:{code}\n" for name, code in right.items()]
    assert build(tmp_path, "".join(lines)).origin == "built from 2 locked requirements"
    for text in (lines[0], lines[1].replace(right["beta"], "0" * 64), f"{lines[0]}beta==1.0\n"):
        with pytest.raises(Refusal):
            build(tmp_path, text)


def test_no_source_is_built(tmp_path: Path, wheels: Path) -> None:
    sdist(wheels, "gamma", tmp_path / "ran")
    with pytest.raises(Refusal, match="gamma"):
        build(tmp_path, "gamma")
    address = (wheels / "gamma-1.0.tar.gz").as_uri()
    wheel(wheels, "delta", {"delta.py": ""}, f"Requires-Dist: gamma @ {address}\n")
    with pytest.raises(Refusal):
        build(tmp_path, "delta")
    assert not (tmp_path / "ran").exists()


def test_a_wheel_that_replaces_the_interpreter(tmp_path: Path, wheels: Path) -> None:
    wheel(wheels, "epsilon", {"epsilon-1.0.data/data/pyvenv.cfg": "home = /etc\n"})
    with pytest.raises(Refusal, match="replaced"):
        build(tmp_path, "epsilon")


@pytest.mark.parametrize(
    "line",
    [
        "-e .", "--index-url https://example.org/simple", "-r other.txt", "./folder", "/etc", "../up", "file:///x.whl",
        "name @ https://example.org/x.whl", "git+https://example.org/x", "name --global-option=x",
        "name; a --hash=md5:00",
        "--find-links=/", "name --config-settings=a=b", "https://example.org/x.tar.gz", "name @ file:///x",
        "-c /etc/passwd",
    ],
)  # fmt: skip
def test_lines_that_are_refused(line: str) -> None:
    with pytest.raises(Refusal):
        built.checked(f"alpha\n{line}\n")


@pytest.mark.parametrize(
    "line",
    ["a", "A.b-c_d[x, y]>=1.0,<2", "a==1.*", "a~=1.4; python_version < '3.13' and os_name == \"posix\"", "a (>=1)",
     "a!=1.0+local", "a ; extra == 'x'"],
)  # fmt: skip
def test_lines_that_are_taken(line: str) -> None:
    assert built.checked(f"# so\n{line}   # why\n\n").lines == (line,)
