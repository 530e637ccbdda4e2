import pytest

from checks.model.errors import Refusal
from checks.repository import objects


@pytest.mark.parametrize("kind", ["sha1", "sha256"])
def test_names_are_git_s(repository, tmp_path, kind: str) -> None:
    inner = type(repository)(tmp_path / kind)
    inner.root.mkdir()
    inner.git("init", "-q", f"--object-format={kind}")
    for content in (b"", b"a\n", bytes(range(256)) * 50):
        name = inner.git("hash-object", "-w", "--stdin", stdin=content).strip()
        assert objects.blob_name(content, name) == name
        assert objects.content(inner.root, name) == content
        with objects_open(tmp_path, content) as opened:
            assert objects.name_of_open(opened.fileno(), len(content), name) == name


def objects_open(folder, content: bytes):
    (folder / "content").write_bytes(content)
    return (folder / "content").open("rb")


def test_crlf_counts_as_saved_where_git_has_lf() -> None:
    name = objects.blob_name(b"a\nb\n", "0" * 40)
    assert objects.same_blob(b"a\r\nb\r\n", name) and objects.same_blob(b"a\nb\n", name)
    assert not objects.same_blob(b"a\rb\n", name)


def test_loose_objects_are_git_s(repository) -> None:
    name = objects.write_loose(repository.root / ".git/objects", b"stored\n", "0" * 40)
    assert repository.git("cat-file", "blob", name) == "stored\n"


def test_blobs(repository) -> None:
    large = b"x" * 300_000
    names = [repository.git("hash-object", "-w", "--stdin", stdin=each).strip() for each in (large, b"small")]
    blobs = objects.Blobs(repository.root)
    assert [blobs.read(name, 1 << 20) for name in names * 2] == [large, b"small"] * 2
    with pytest.raises(OSError, match="larger than 10 bytes"):
        blobs.read(names[0], 10)
    assert blobs.read(names[1], 10) == b"small"
    blobs.close()
    assert blobs.read(names[1], 10) == b"small"
    blobs.close()


def test_a_blob_that_is_missing(repository) -> None:
    with pytest.raises(Refusal, match="has no blob"):
        objects.content(repository.root, "0" * 40)


def test_index_and_tree_of_many_paths(repository) -> None:
    repository.commit(a="a\n", b="b\n")
    many = tuple(f"nope{n}" for n in range(600))
    assert (
        set(objects.index(repository.root, many))
        == set(objects.tree(repository.root, "HEAD", many))
        == {"a.py", "b.py"}
    )
    assert (
        set(objects.index(repository.root, ("a.py",)))
        == set(objects.tree(repository.root, "HEAD", ("a.py",)))
        == {"a.py"}
    )
