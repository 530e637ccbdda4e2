"""The Action as a runner downloads it, and the Python that it finds there."""

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def sources(place: Path) -> Path:
    """What of the project the Action is made of, copied to a folder that is made."""
    place.mkdir()
    for name in ("action.yml", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, place)
    for name in ("app", "checks"):
        shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
    return place


def python_folder() -> Path:
    """Where the interpreter lies that our own environment was made from: new enough, whatever PATH says."""
    return Path(sys.base_prefix) / "bin"
