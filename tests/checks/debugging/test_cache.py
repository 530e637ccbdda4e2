import os
import sqlite3
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.debugging import cache
from checks.debugging.cache import DAYS, Cache, folder, key

ROOT = Path(__file__).parents[3]
TODAY = int(time.time() // 86400)


def rows(place: Path, query: str, *values: Any) -> list[Any]:
    """Asks the file itself, past the cache."""
    database = sqlite3.connect(place / "findings.sqlite")
    try:
        with database:
            return database.execute(query, values).fetchall()
    finally:
        database.close()


def works(place: Path) -> bool:
    """Whether a cache in this folder keeps values beyond its own life."""
    first = Cache(place)
    first.put({b"k": {"a": [1, None, "é\udc80"]}})
    first.close()
    second = Cache(place)
    found = second.get([b"k", b"other"])
    second.close()
    return found == {b"k": {"a": [1, None, "é\udc80"]}}


def test_values_come_back(tmp_path: Path) -> None:
    assert works(tmp_path / "a" / "b")


def test_only_the_owner_may_look(tmp_path: Path) -> None:
    place = tmp_path / "cache"
    before = os.umask(0)
    try:
        Cache(place).close()
    finally:
        os.umask(before)
    assert stat.S_IMODE(place.stat().st_mode) == 0o700


@pytest.mark.parametrize(("mode", "after"), [(0o777, 0o700), (0o770, 0o700), (0o755, 0o755), (0o700, 0o700)])
def test_a_folder_that_others_may_write_to_is_closed_to_them(tmp_path: Path, mode: int, after: int) -> None:
    place = tmp_path / "cache"
    place.mkdir()
    place.chmod(mode)
    assert works(place)
    assert stat.S_IMODE(place.stat().st_mode) == after


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_somebody_else_is_not_used(tmp_path: Path) -> None:
    place = tmp_path / "cache"
    place.mkdir()
    os.chown(place, 65534, 65534)
    assert not works(place)
    assert list(place.iterdir()) == []


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"XDG_CACHE_HOME": "/x/y", "HOME": "/h"}, "/x/y/selfmod"),
        ({"XDG_CACHE_HOME": "", "HOME": "/h"}, "/h/.cache/selfmod"),
        ({"XDG_CACHE_HOME": "x/y", "HOME": "/h"}, "/h/.cache/selfmod"),
        ({"XDG_CACHE_HOME": "../y", "HOME": "/h"}, "/h/.cache/selfmod"),
        ({"HOME": "/h"}, "/h/.cache/selfmod"),
    ],
)
def test_where_it_is(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], expected: str) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert folder() == Path(expected)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs a user without an entry in the password file")
def test_without_a_home_there_is_no_cache() -> None:
    program = (
        "import os, sys; os.setuid(54321); sys.path.insert(0, sys.argv[1])\n"
        "from checks.debugging.cache import Cache, folder\n"
        "c = Cache(); c.put({b'k': 1}); c.used([b'k']); print(folder(), c.get([b'k']), c.size()); c.close()\n"
    )
    environment = {"PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"}
    # the interpreter may lie where that user cannot read: what is needed is loaded before
    loaded = "import sys; sys.path.insert(0, sys.argv[1]); import checks.debugging.cache\n" + program
    done = subprocess.run(
        [sys.executable, "-c", loaded, str(ROOT)], env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.stdout == "None {} 0\n", done.stderr


@pytest.mark.parametrize("place", ["/proc/selfmod", "/dev/null/selfmod"])
def test_a_place_that_cannot_be_is_no_cache(place: str) -> None:
    store = Cache(Path(place))
    store.put({b"k": 1})
    store.used([b"k"])
    assert store.get([b"k"]) == {}
    store.close()
    store.close()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_no_cache(tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir(mode=0o500)
    assert not works(tmp_path / "cache")


def test_a_folder_in_place_of_the_file_is_no_cache(tmp_path: Path) -> None:
    (tmp_path / "findings.sqlite").mkdir()
    assert not works(tmp_path)
    assert (tmp_path / "findings.sqlite").is_dir()


@pytest.mark.parametrize("content", [b"", b"no database", b"\0" * 4096, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_file_is_begun_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "findings.sqlite").write_bytes(content)
    (tmp_path / "findings.sqlite-wal").write_bytes(content)
    assert works(tmp_path)


def test_damage_that_shows_later_is_mended(tmp_path: Path) -> None:
    store = Cache(tmp_path)
    store.put({number.to_bytes(32): "x" * 3000 for number in range(200)})
    store.close()
    path = tmp_path / "findings.sqlite"
    data = bytearray(path.read_bytes())
    data[8192:] = b"\xff" * (len(data) - 8192)  # its head stays whole, so that it opens
    path.write_bytes(data)
    store = Cache(tmp_path)
    store.get([number.to_bytes(32) for number in range(200)])
    store.put({b"new": 1})
    store.close()
    assert works(tmp_path)


def test_another_layout_is_begun_anew(tmp_path: Path) -> None:
    rows(tmp_path, "CREATE TABLE results (key TEXT, other TEXT)")
    assert works(tmp_path)


def test_a_busy_file_is_waited_for_and_never_removed(tmp_path: Path) -> None:
    assert works(tmp_path)
    database = sqlite3.connect(tmp_path / "findings.sqlite", isolation_level=None)
    database.execute("BEGIN EXCLUSIVE")
    store = Cache(tmp_path)
    store.put({b"lost": 1})
    database.execute("COMMIT")
    database.close()
    store.close()
    assert rows(tmp_path, "SELECT count(*) FROM results") == [(1,)]


@pytest.mark.parametrize("value", [None, "", "{", "nonsense", b"\xff\xfe", 7.5, "[" * 100_000, '"\\ud800'])
def test_a_value_that_is_no_json_is_not_found_and_hides_no_other(tmp_path: Path, value: Any) -> None:
    assert works(tmp_path)
    rows(tmp_path, "INSERT INTO results VALUES (?, ?, ?)", b"a", value, TODAY)
    store = Cache(tmp_path)
    found = store.get([b"a", b"k"])
    store.close()
    assert found.pop(b"k") == {"a": [1, None, "é\udc80"]}
    assert found in ({}, {b"a": 7.5})


@pytest.mark.parametrize(("age", "kept"), [(0, True), (DAYS, True), (DAYS + 1, False), (1000, False)])
def test_old_rows_are_dropped(tmp_path: Path, age: int, kept: bool) -> None:
    assert works(tmp_path)
    rows(tmp_path, "UPDATE results SET day = ?", TODAY - age)
    store = Cache(tmp_path)
    store.put({b"new": 1})
    assert (b"k" in store.get([b"k"])) is kept
    store.close()


def test_what_is_asked_for_stays(tmp_path: Path) -> None:
    assert works(tmp_path)
    rows(tmp_path, "UPDATE results SET day = ?", TODAY - DAYS - 1)
    store = Cache(tmp_path)
    store.used([b"k", b"never there"])
    store.put({b"new": 1})
    assert set(store.get([b"k", b"new", b"never there"])) == {b"k", b"new"}
    store.close()


def test_size_is_bounded_and_the_newest_stay(tmp_path: Path) -> None:
    store = Cache(tmp_path, largest=1_000_000)
    for number in range(60):
        store.put({b"%d" % number: "x" * 50_000})
        rows(tmp_path, "UPDATE results SET day = ? WHERE key = ?", TODAY - 60 + number, b"%d" % number)
        assert store.size() <= 1_100_000
    assert b"59" in store.get([b"59"])
    store.close()
    assert (tmp_path / "findings.sqlite").stat().st_size < 2_000_000


def test_many_keys(tmp_path: Path) -> None:
    store = Cache(tmp_path)
    values = {number.to_bytes(4): number for number in range(2_500)}
    store.put(values)
    assert store.get(values) == values
    store.close()


def test_two_processes_at_once(tmp_path: Path) -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path; from checks.debugging.cache import Cache\n"
        "store = Cache(Path(sys.argv[2])); name = sys.argv[3].encode()\n"
        "for n in range(60): store.put({name + b'%d' % n: n}); store.get([b'a1', b'b1'])\n"
        "store.close()\n"
    )
    command = [sys.executable, "-c", program, str(ROOT), str(tmp_path / "new")]
    processes = [subprocess.Popen([*command, name]) for name in ("a", "b", "c")]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    store = Cache(tmp_path / "new")
    found = store.get([b"%s%d" % (name, n) for name in (b"a", b"b", b"c") for n in range(60)])
    store.close()
    assert len(found) == 180


def test_closed_is_no_cache(tmp_path: Path) -> None:
    store = Cache(tmp_path)
    store.close()
    store.put({b"k": 1})
    store.used([b"k"])
    assert store.get([b"k"]) == {}


paths = st.text("ab/é\udc80", min_size=1, max_size=6)


@settings(max_examples=50, deadline=None)
@given(paths, paths, st.binary(max_size=4), st.binary(max_size=4), paths, paths)
def test_a_key_tells_all_apart_that_a_result_depends_on(
    path: str, other_path: str, content: bytes, other_content: bytes, around: str, other_around: str
) -> None:
    same = (path, content, around) == (other_path, other_content, other_around)
    assert (key(path, content, around) == key(other_path, other_content, other_around)) is same


def test_a_key_takes_any_path() -> None:
    assert len(key("a\udc80\n", b"\0", "{}")) == 32
    assert key("a", b"b", "") == key("a", b"b", "")
    assert len(cache.engine()) == 64
