from checks.model import trailers
from checks.repository.reverting.message import message
from tests.repositories import Repository


def commit(repository: Repository, text: str) -> str:
    repository.git("commit", "-q", "--allow-empty", "-F", "-", stdin=text.encode())
    return repository.git("rev-parse", "HEAD").strip()


def test_one_commit(repository: Repository) -> None:
    made = commit(repository, "fix: the ümlaut\n\nMore of it.\n")
    found = message(repository.root, (made,), why=" it breaks\nlogins \n")
    assert found.text == f'Revert "fix: the ümlaut"\n\nThis reverts commit {made}.\n\nit breaks\nlogins\n'
    assert found.modifications == () and found.subject == 'Revert "fix: the ümlaut"'


def test_as_git_says_it(repository: Repository) -> None:
    """git's own message, of the version that runs the tests, up to the word that 2.43 brought."""
    repository.commit(a="a\n")
    made = repository.commit(a="b\n")
    expected = message(repository.root, (made,)).text
    repository.git("revert", "--no-edit", made)
    assert repository.git("log", "-1", "--format=%B").strip() + "\n" == expected
    again = repository.git("rev-parse", "HEAD").strip()
    assert message(repository.root, (again,)).subject == 'Reapply "work"'
    third = commit(repository, 'Revert "Revert "work""')
    assert message(repository.root, (third,)).subject == 'Revert "Revert "Revert "work"""'


def test_a_merge(repository: Repository) -> None:
    first = repository.commit(a="a\n")
    repository.git("checkout", "-q", "-b", "side")
    repository.commit(b="b\n")
    repository.git("checkout", "-q", "main")
    repository.git("merge", "-q", "--no-ff", "-m", "Merge side", "side")
    made = repository.git("rev-parse", "HEAD").strip()
    expected = message(repository.root, (made,), "branch 'side'").text
    assert expected == f'Revert "Merge side"\n\nThis reverts commit {made}, reversing\nchanges made to {first}.\n'
    repository.git("revert", "--no-edit", "-m", "1", made)
    assert repository.git("log", "-1", "--format=%B").strip() + "\n" == expected


def test_several_and_their_modifications(repository: Repository) -> None:
    one = commit(repository, f"one\n\n{trailers.line(trailers.MODIFICATION, 'mod_1111')}\n")
    two = commit(repository, f"two\n\n{trailers.line(trailers.MODIFICATION, 'mod_2222')}\nOther: x\n")
    found = message(repository.root, (one, two), "mod_1111", "why")
    assert found.text == (
        f"Revert 2 commits of mod_1111\n\nThis reverts commit {two}.\nThis reverts commit {one}.\n\nwhy\n\n"
        "Selfmod-Reverts: mod_1111\nSelfmod-Reverts: mod_2222\n"
    )
    assert found.modifications == ("mod_1111", "mod_2222")
    ranged = message(repository.root, (f"{one}..{two}",), "main~1..main").text
    assert ranged.startswith(f"Revert main~1..main\n\nThis reverts the commits {one}..{two}.\n")
