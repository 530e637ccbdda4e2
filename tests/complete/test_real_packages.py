"""All fixes over packages that nobody here wrote: no file is broken, and a second run has nothing to do."""

from pathlib import Path

import pytest

from checks.debugging.cache import Cache
from checks.fix import Fixes, Group, Selection, fix_tree
from checks.repository.writing.apply import refuse_stale, write
from tests.complete.sdists import Package, unpacked
from tests.soundness import changed, spoiled

PACKAGES = (
    Package("bottle", "0.13.4"),
    Package("httplib2", "0.22.0"),
    Package("paramiko", "3.5.1"),
    Package("requests", "2.32.5"),
    Package("supervisor", "4.2.5"),
    Package("tornado", "6.4.2"),
)


@pytest.mark.complete
@pytest.mark.parametrize("package", PACKAGES, ids=str)
def test_all_fixes_hold(package: Package, tmp_path: Path) -> None:
    tree = unpacked(package, tmp_path / "sources")
    cache = Cache(tmp_path / "cache")
    fixes = fixed(tree, cache)
    before, after = changed(fixes)
    assert after, "nothing was fixed: this package shows nothing"
    assert spoiled(before, after) == []
    everything = fixes.together()
    refuse_stale(everything, fixes.root)
    write(everything, fixes.root)
    again = fixed(tree, cache)
    cache.close()
    assert [file.path for change in again.changes for file in change.change_set.files] == []


def fixed(tree: Path, cache: Cache) -> Fixes:
    return fix_tree([tree], Selection(), Group.ALL, cache, lambda done, total: None)
