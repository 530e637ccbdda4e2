"""Whole trees: links, executables, large files, odd names; submodules left out; bounded."""

from pathlib import Path

import pytest

from checks.model.errors import Refusal
from checks.model.trees import File
from checks.repository import contents
from checks.repository.snapshot import SIZE_LIMIT
from tests.repositories import Repository


def test_everything_but_submodules_is_there(repository: Repository) -> None:
    repository.put("a.py", "a = 1\n")
    repository.put("run.sh", "#!/bin/sh\n").chmod(0o755)
    repository.put("data.bin", b"\0" * (SIZE_LIMIT + 1))
    repository.put("odd\udcff.py", b"\xff")
    (repository.root / "link").symlink_to("../../etc/passwd")
    repository.commit()
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},sub")
    commit = repository.git("commit-tree", repository.git("write-tree").strip(), "-m", "x").strip()
    assert list(contents.of_commit(repository.root, commit, 1 << 30)) == [
        File("a.py", b"a = 1\n"),
        File("data.bin", b"\0" * (SIZE_LIMIT + 1)),
        File("link", b"../../etc/passwd", "120000"),
        File("odd\udcff.py", b"\xff"),
        File("run.sh", b"#!/bin/sh\n", "100755"),
    ]


@pytest.mark.parametrize(("limit", "fits"), [(12, True), (11, False)])
def test_the_whole_is_bounded(repository: Repository, limit: int, fits: bool) -> None:
    repository.put("a", b"x" * 5)
    repository.put("b", b"x" * 7)
    commit = repository.commit()
    if fits:
        assert len(list(contents.of_commit(repository.root, commit, limit))) == 2
    else:
        with pytest.raises(Refusal, match="MiB of the sandbox's disk"):
            list(contents.of_commit(repository.root, commit, limit))


def test_a_missing_blob_is_refused_by_name(repository: Repository) -> None:
    repository.put("a.py", "a = 1\n")
    commit = repository.commit()
    name = repository.git("rev-parse", "HEAD:a.py").strip()
    Path(repository.root / ".git/objects" / name[:2] / name[2:]).unlink()
    with pytest.raises(Refusal, match=r"a\.py is not read from git"):
        list(contents.of_commit(repository.root, commit, 1 << 20))
