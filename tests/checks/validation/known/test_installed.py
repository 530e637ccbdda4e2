from pathlib import Path

from checks.validation.known.installed import SIZE_LIMIT, tops


def put(folder: Path, name: str, content: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


def test_names_are_read_from_metadata(tmp_path: Path) -> None:
    put(
        tmp_path, "Acme_Client-1.0.dist-info/RECORD", "acme/__init__.py,,\nacme/x.so,,\nsingle.py,,\n../../bin/acme,,\n"
    )
    put(tmp_path, "other-2.dist-info/top_level.txt", "other_top\npkg/inner\n")
    put(tmp_path, "old.egg-info/top_level.txt", "oldtop\n")
    assert tops([tmp_path, tmp_path / "missing"]) == {
        "acme-client": frozenset({"acme", "single"}),
        "other": frozenset({"other_top", "inner"}),
        "old": frozenset({"oldtop"}),
    }


def test_what_cannot_be_read_brings_nothing(tmp_path: Path) -> None:
    put(tmp_path, "big-1.dist-info/RECORD", "a/b.py,,\n" * (SIZE_LIMIT // 9 + 1))
    put(tmp_path, "odd-1.dist-info/RECORD", '"\0,"",\n')
    put(tmp_path, "real", "link/x.py,,\n")
    (tmp_path / "link-1.dist-info").mkdir()
    (tmp_path / "link-1.dist-info/RECORD").symlink_to(tmp_path / "real")
    assert tops([tmp_path]) == {}
