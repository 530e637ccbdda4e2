"""The environment of the base: what is declared there, of one index, or why there is none."""

from pathlib import Path

from app.operations.holding import Hold, bound
from app.settings import ServerSettings
from app.workflows.reviewing.environment import FOLDER, index, of_base
from checks.repository.snapshot import of_memory
from checks.sandbox.built import Index


def settings(place: Path, index: str = "") -> ServerSettings:
    return ServerSettings(database_url="sqlite://", data_dir=place, package_index=index)


def test_nothing_declared_runs_with_selfmods_own(tmp_path: Path) -> None:
    built = of_base(of_memory({"a.py": b""}), settings(tmp_path))
    assert built.environment is not None
    assert "selfmod's own Python" in built.environment.origin


def test_wheels_of_a_folder_are_installed_once(tmp_path: Path) -> None:
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    wheel(wheels)
    base = of_memory({"requirements.txt": b"tiny==1.0\n"})
    first, second = (of_base(base, settings(tmp_path, str(wheels))) for _ in range(2))
    assert first.environment == second.environment
    assert first.environment is not None
    assert first.environment.origin == "built from 1 declared requirement"
    assert first.environment.python.startswith(str(tmp_path / FOLDER))


def test_an_environment_stays_while_it_is_used_and_is_built_anew_when_it_was_removed(tmp_path: Path) -> None:
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    wheel(wheels)
    base = of_memory({"requirements.txt": b"tiny==1.0\n"})
    built = of_base(base, settings(tmp_path, str(wheels)))
    (tmp_path / FOLDER / "other").mkdir()
    Hold(tmp_path / FOLDER / "other").release()
    assert bound(tmp_path / FOLDER, 0).removed == 0
    assert built.hold is not None and built.environment is not None
    built.hold.release()
    assert bound(tmp_path / FOLDER, 0).removed == 1
    assert not Path(built.environment.python).exists()
    assert of_base(base, settings(tmp_path, str(wheels))) == built
    assert Path(built.environment.python).exists()


def test_what_cannot_be_installed_says_why(tmp_path: Path) -> None:
    (tmp_path / "wheels").mkdir()
    here = settings(tmp_path, str(tmp_path / "wheels"))
    assert "cannot be built" in of_base(of_memory({"requirements.txt": b"nowhere==1\n"}), here).why
    assert "cannot be built" in of_base(of_memory({"requirements.txt": b"x --config-settings=a=b\n"}), here).why
    told = of_base(of_memory({"requirements.txt": b"one @ https://x.example/one.whl\n"}), here)
    assert (told.environment, "one, which comes from an address" in told.why) == (None, True)


def test_where_wheels_come_from(monkeypatch) -> None:
    monkeypatch.delenv("PIP_INDEX_URL", raising=False)
    assert index("") == Index(usual=True)
    assert index("https://x.example/simple") == Index("https://x.example/simple")
    assert index("/srv/wheels") == Index(folders=(Path("/srv/wheels"),))
    monkeypatch.setenv("PIP_INDEX_URL", "https://y.example/simple")
    assert index("") == Index("https://y.example/simple")


def wheel(folder: Path) -> None:
    """A wheel of one module (https://packaging.python.org/en/latest/specifications/binary-distribution-format/)."""
    import zipfile

    with zipfile.ZipFile(folder / "tiny-1.0-py3-none-any.whl", "w") as file:
        file.writestr("tiny.py", "x = 1\n")
        file.writestr("tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
        file.writestr("tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        file.writestr("tiny-1.0.dist-info/RECORD", "tiny.py,,\ntiny-1.0.dist-info/METADATA,,\n")
