"""Sources of real packages from the package registry, at pinned versions, kept in a folder that git ignores.

What is downloaded is unpacked and read, never imported. pip itself asks an sdist's build backend for its name and
version, as it does before every installation.
"""

import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

CACHE = Path(__file__).parents[2] / ".packages"


@dataclass(frozen=True, slots=True)
class Package:
    """A source distribution: the project's name on the registry and the version, `1.2.3`."""

    name: str
    version: str

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


def sdist(package: Package, cache: Path = CACHE) -> Path:
    """The package's archive, downloaded unless it is there. Raises CalledProcessError where pip fails; pip says why."""
    place = cache / f"{package.name}-{package.version}.tar.gz"
    if place.exists():
        return place
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix=".coming-") as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        command += ["--no-binary", package.name, "--dest", folder, f"{package.name}=={package.version}"]
        # what pip prints is no part of a table; its warnings go where warnings go
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        (archive,) = Path(folder).glob("*.tar.gz")
        archive.replace(place)  # other processes may want the same one: it is there as a whole or not at all
    return place


def unpacked(package: Package, into: Path, cache: Path = CACHE) -> Path:
    """The package's sources in a new folder beneath `into`. Raises tarfile.FilterError for an archive that would write
    elsewhere, and CalledProcessError as `sdist` does."""
    with tarfile.open(sdist(package, cache)) as archive:
        archive.extractall(into, filter="data")
    (folder,) = (place for place in into.iterdir() if place.is_dir())
    return folder


def python_files(folder: Path) -> list[Path]:
    """All files of Python beneath a folder, in order."""
    return sorted(path for path in folder.rglob("*.py") if path.is_file() and not path.is_symlink())


def lines(folder: Path) -> int:
    """Lines of all files of Python beneath a folder, blank ones and comments too."""
    return sum(path.read_bytes().count(b"\n") for path in python_files(folder))
