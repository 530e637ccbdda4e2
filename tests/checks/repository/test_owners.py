"""Code owners as GitHub reads them: its own examples, and what is hostile."""

import pytest

from checks.repository.owners import LARGEST, Owners, read

# the example of GitHub's documentation, with its comments as the expectations below
EXAMPLE = b"""\
*       @global-owner1 @global-owner2
*.js    @js-owner #This is an inline comment.
*.go docs@example.com
*.txt @octo-org/octocats
/build/logs/ @doctocat
docs/* docs@example.com
apps/ @octocat
/docs/ @doctocat
/scripts/ @doctocat @octocat
**/logs @octocat
/apps/ @octocat
/apps/github
"""


@pytest.mark.parametrize(
    ("path", "owners"),
    [
        ("a.py", ("@global-owner1", "@global-owner2")),
        ("deep/in/a.js", ("@js-owner",)),
        ("a.go", ("docs@example.com",)),
        ("x/student.txt", ("@octo-org/octocats",)),
        ("build/logs/x/y.txt", ("@octocat",)),
        ("docs/getting-started.md", ("@doctocat",)),
        ("docs/build-app/troubleshooting.md", ("@doctocat",)),
        ("sub/apps/x.py", ("@octocat",)),
        ("scripts/a", ("@doctocat", "@octocat")),
        ("deeply/nested/logs/a", ("@octocat",)),
        ("apps/a.py", ("@octocat",)),
        ("apps/github", ()),
        ("apps/github/a.py", ()),
    ],
)
def test_githubs_own_example(path: str, owners: tuple[str, ...]) -> None:
    assert read(EXAMPLE).of(path) == owners


@pytest.mark.parametrize(
    ("pattern", "fits", "not_these"),
    [
        ("docs/*", ["docs/a.md"], ["docs/b/a.md", "x/docs/a.md", "docs"]),
        ("docs/**", ["docs/a", "docs/b/a"], ["x/docs/a"]),
        ("*", ["a", "a/b/c"], []),
        ("/*", ["a"], ["a/b"]),
        ("src/*.py", ["src/a.py"], ["src/a/b.py", "a/src/b.py"]),
        ("*.py", ["a.py", "x/y/a.py", "a.py/b"], ["a.pyi"]),
        ("/a.py", ["a.py"], ["x/a.py"]),
        ("foo", ["foo", "x/foo", "foo/bar", "x/foo/y/z"], ["food"]),
        ("foo/", ["foo/bar", "x/foo/bar"], ["foo"]),
        ("/foo/", ["foo/bar"], ["x/foo/bar", "foo"]),
        ("a/**/b", ["a/b", "a/x/b", "a/x/y/b", "a/x/b/c"], ["b", "x/a/b"]),
        ("**/b/c", ["b/c", "x/y/b/c"], ["c"]),
        ("**", ["a", "a/b"], []),
        ("fo?.py", ["foo.py"], ["fo.py", "fo/.py"]),
        (r"with\ blank.md", ["with blank.md"], ["with"]),
        (r"a\*b", ["a*b"], ["axb"]),
        ("Readme", ["Readme"], ["README"]),
    ],
)
def test_patterns(pattern: str, fits: list[str], not_these: list[str]) -> None:
    owners = read(f"{pattern} @ann\n".encode())
    assert owners.skipped == ()
    assert [path for path in fits if not owners.of(path)] == []
    assert [path for path in not_these if owners.of(path)] == []


@pytest.mark.parametrize("line", ["!a.py @ann", "a[bc].py @ann", "a.py ann", "a.py @-x", r"\#a @ann", "// @ann"])
def test_lines_that_github_does_not_support_are_skipped(line: str) -> None:
    owners = read(f"* @bob\n{line}\n".encode())
    assert owners.skipped == (2,)
    assert owners.of("a.py") == ("@bob",)


def test_the_last_one_wins_and_may_name_nobody() -> None:
    owners = read(b"* @ann\n/free/ # nobody\n/free/not @bob\n")
    assert owners.of("a") == ("@ann",)
    assert owners.of("free/a") == ()
    assert owners.of("free/not/a") == ("@bob",)
    assert owners.of_all(["a", "free/not/a", "b"]) == ("@ann", "@bob")


def test_owners_of_many_paths_are_named_once_whatever_their_case() -> None:
    assert read(b"a @Ann\nb @ann @acme/web\n").of_all(["a", "b"]) == ("@Ann", "@acme/web")


def test_hostile_files_cost_little() -> None:
    assert read(b"x" * (LARGEST + 1)) == Owners((), (0,))
    stars = "*a" * 500 + "b"
    owners = read(f"{stars} @ann\n{'**/' * 3000}x @bob\n".encode() + b"\xff\xfe @x\n\n")
    assert owners.of("a" * 4000 + "/" * 90) == ()
    assert read(b"").of("a") == ()
