"""Makes the bundled tables anew: `python -m checks.validation.data.make LIST PIGAR VERSIONS`.

LIST: names of the most downloaded distributions, most used first, one a line.
PIGAR: the wheel of `pigar` (BSD-3-Clause): its database holds the top-level names that wheels on the registry contain,
read by its author from their metadata. Facts only are taken, for the distributions of LIST, and only where they
differ from what the distribution's name says.
VERSIONS: `stdlib/VERSIONS` of typeshed (Apache-2.0), as mypy ships it: in which Pythons each standard module is there.

Equal inputs give equal files. See ORIGIN.md for the versions that were used last.
"""

import gzip
import re
import sqlite3
import sys
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).parent

JUNK = """
    __init__ _binding benchmark benchmarks bin build ci conf config contrib dist doc docs etc example examples lib
    licenses requirements sample samples script scripts setup src temp test test_utils testing tests tmp tutorials util
    utils wheelhouse
"""
"""Top-level names that come into wheels by mistake: nobody imports them from there."""

CORRECTED: dict[str, str] = {
    "apache-airflow": "airflow",
    "backoff": "backoff",
    "python-backoff": "backoff",
    "cuda-python": "cuda",
    "google-auth": "google",
    "griffelib": "griffe",
    "oldest-supported-numpy": "-",
    "pandas-stubs": "-",
    "poetry-core": "poetry",
    "protobuf": "google",
    "pytest": "pytest _pytest",
    "pywin32": "_win32typing adodbapi dde isapi mmapfile odbc perfmon pythoncom pywin pywintypes servicemanager timer"
    " win32api win32clipboard win32com win32comext win32con win32console win32cred win32crypt win32cryptcon win32event"
    " win32evtlog win32evtlogutil win32file win32gui win32gui_struct win32help win32inet win32inetcon win32job win32lz"
    " win32net win32netcon win32pdh win32pdhquery win32pdhutil win32pipe win32print win32process win32profile win32ras"
    " win32security win32service win32serviceutil win32timezone win32trace win32traceutil win32transaction win32ts"
    " win32typing win32ui win32uiole win32verstamp win32wnet winerror winioctlcon winnt winperf winxpgui winxptheme",
    "python-levenshtein": "Levenshtein",
    "setuptools": "setuptools pkg_resources distutils _distutils_hack",
    "snowflake-sqlalchemy": "snowflake",
}
"""What the database has not, or has of another kind of wheel; from the documentation of these distributions."""

PLAIN = frozenset({"typing-extensions", "mypy-extensions", "importlib-metadata"})
"""Distributions that the database does not know and whose name says what is imported."""

STANDARD: dict[str, tuple[str, str]] = {
    "__main__": ("3.0", ""),
    "_bootlocale": ("3.4", "3.9"),
    "_dummy_thread": ("3.0", "3.8"),
    "dummy_threading": ("3.0", "3.8"),
    "formatter": ("3.0", "3.9"),
    "idlelib": ("3.0", ""),
    "macpath": ("3.0", "3.7"),
    "parser": ("3.0", "3.9"),
    "symbol": ("3.0", "3.9"),
    "test": ("3.0", ""),
    "turtledemo": ("3.0", ""),
}
"""Modules that typeshed does not list; from the Pythons 3.7 to 3.13 themselves."""


def normalised(name: str) -> str:
    """A distribution's name as in the registry."""
    return re.sub(r"[-_.]+", "-", name).lower()


def imports_of(wheel: Path, wanted: Iterable[str]) -> list[str]:
    """Lines `distribution name name …`; `?` where nothing is known, `-` where nothing is to be imported."""
    known: dict[str, set[str]] = {}
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(wheel) as archive:
        database = sqlite3.connect(archive.extract("pigar/.db.sqlite3", folder))
        rows = database.execute(
            "select d.name, t.name from distributions d join top_level_module_names t on t.distribution_id = d.id"
        )
        for distribution, name in rows:
            top = name.partition(".")[0]
            names = known.setdefault(normalised(distribution), set())
            if re.fullmatch(r"[A-Za-z_]\w*", top) and (
                top.lower() not in JUNK.split() or normalised(top) == distribution
            ):
                names.add(top)
        database.close()
    lines = []
    for distribution in wanted:
        if distribution in CORRECTED:
            names = set(CORRECTED[distribution].split())
        elif distribution.startswith(("types-", "boto3-stubs", "mypy-boto3")) or distribution.endswith("-stubs"):
            continue  # a rule of the loader says what these are for
        else:
            names = known.get(distribution) or (
                {"?"} if distribution not in PLAIN else {distribution.replace("-", "_")}
            )
            public = {name for name in names if not name.startswith("_")}
            names = names if len(names) < 4 or not public else public
        if names != {distribution.replace("-", "_")}:
            lines.append(" ".join([distribution, *sorted(names)]))
    return lines


def standard(versions: str) -> list[str]:
    """Lines `module first last`, the last empty where it is still there."""
    spans = dict(STANDARD)
    for line in versions.splitlines():
        entry = re.match(r"([\w.]+):\s*([\d.]+)-([\d.]*)", line)
        if entry and entry[1] not in ("typing_extensions", "_typeshed") and not entry[1].startswith("_typeshed."):
            spans.setdefault(entry[1], (entry[2], entry[3]))
    return [" ".join([name, *filter(None, span)]) for name, span in sorted(spans.items())]


def write(name: str, lines: Iterable[str]) -> None:
    """One compressed file, the same bytes for the same lines."""
    content = "".join(f"{line}\n" for line in lines).encode()
    (HERE / name).write_bytes(gzip.compress(content, 9, mtime=0))


def main(listing: Path, wheel: Path, versions: Path) -> None:
    """Writes all three."""
    lines = listing.read_text(encoding="utf-8").splitlines()
    names = list(dict.fromkeys(normalised(line.strip()) for line in lines if line.strip() and line[0] != "#"))
    write("distributions.txt.gz", names)
    write("imports.txt.gz", imports_of(wheel, names))
    write("standard.txt.gz", standard(versions.read_text(encoding="utf-8")))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
