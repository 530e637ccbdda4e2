import pytest

from checks.risk.factors.dependencies import weigh
from tests.changed import BASE, change, evidence

PROJECT = '[project]\nname = "shop"\ndependencies = [{}]\n'
UV = 'version = 1\n[[package]]\nname = "{}"\nversion = "{}"\nsource = {{ registry = "https://{}/simple" }}\n'


def seen(old: dict[str, str], new: dict[str, str]) -> list[tuple[str, int]]:
    found = weigh(evidence(change(BASE | old, BASE | new)))
    return [(each.seen, each.weight) for each in found]


@pytest.mark.parametrize(
    ("path", "old", "new", "expected"),
    [
        ("pyproject.toml", PROJECT.format(""), PROJECT.format('"rich"'), [("newly declared: rich", 4)]),
        (
            "pyproject.toml",
            PROJECT.format(""),
            PROJECT.format('"rich", "typer>=1", "attrs"'),
            [("newly declared: attrs, rich, typer", 4), ("2 more new ones", 2)],
        ),
        ("pyproject.toml", PROJECT.format('"rich"'), PROJECT.format(""), [("no longer needed: rich", 1)]),
        ("pyproject.toml", PROJECT.format('"rich>1"'), PROJECT.format('"rich>2"'), []),
        ("requirements.txt", "a==1\n", "a==2\n", [("another version: a", 1)]),
        ("requirements.txt", "a==1\n", "a==1\nb==1\n", [("newly declared: b", 4)]),
        ("requirements/dev.txt", "a==1\n", "a==1\nb==1\n", [("newly declared: b", 4)]),
        (
            "requirements.txt",
            "a==1\n",
            "--index-url https://evil.example/simple\na==1\n",
            [("packages come from evil.example", 6)],
        ),
        ("requirements.txt", "a==1\n", "# https://evil.example\na==1\n", []),
        (
            "requirements.txt",
            "a\n",
            "a @ git+https://evil.example/a.git\n",
            [("packages come from evil.example", 6)],
        ),
        ("uv.lock", UV.format("a", 1, "pypi\x2eorg"), UV.format("a", 2, "pypi\x2eorg"), [("another version: a", 1)]),
        (
            "uv.lock",
            UV.format("a", 1, "pypi\x2eorg"),
            UV.format("a", 1, "evil.example"),
            [("packages come from evil.example", 6)],
        ),
        (
            "uv.lock",
            UV.format("a", 1, "pypi\x2eorg"),
            UV.format("a", 1, "pypi\x2eorg") + '[[package]]\nname = "b"\nversion = "1"\n',
            [("locked anew: b", 1)],
        ),
        (
            "Pipfile.lock",
            '{"default": {"a": {"version": "==1"}}}',
            '{"default": {"a": {"version": "==2"}}}',
            [("another version: a", 1)],
        ),
        (
            "package-lock.json",
            '{"packages": {"node_modules/a": {"version": "1"}}}',
            '{"packages": {"node_modules/a": {"version": "1"}, "node_modules/b": {"version": "1"}}}',
            [("locked anew: b", 1)],
        ),
        ("uv.lock", UV.format("a", 1, "pypi\x2eorg"), "[[package", [("another version: uv.lock", 1)]),
        ("yarn.lock", "a", "b", [("another version: yarn.lock", 1)]),
        ("src/shop/cart.py", "x = 1", "x = 2", []),
    ],
)
def test_what_is_new_gone_or_of_another_version(path: str, old: str, new: str, expected: list[tuple[str, int]]) -> None:
    assert seen({path: old}, {path: new}) == expected


def test_the_usual_registries_are_no_news_in_a_new_lock_and_others_are() -> None:
    assert seen({}, {"uv.lock": UV.format("a", 1, "pypi\x2eorg")}) == [("locked anew: a", 1)]
    assert seen({}, {"uv.lock": UV.format("a", 1, "evil.example")})[0] == ("packages come from evil.example", 6)


def test_a_package_that_moved_between_locks_is_neither_new_nor_gone() -> None:
    old, new = {"poetry.lock": UV.format("a", 1, "pypi\x2eorg")}, {"uv.lock": UV.format("a", 1, "pypi\x2eorg")}
    assert seen(old, new) == []
