"""`selfmod stop` and `selfmod resume`, on the database of a server."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import settings
from app.model.stop import Stop
from app.store import audit, connect
from app.store.connect import Store
from app.store.proposed import stops
from tests.commands import selfmod


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The store that the environment names, as a server has it open meanwhile."""
    monkeypatch.setenv("SELFMOD_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("SELFMOD_DATABASE_URL", raising=False)
    monkeypatch.delenv("SELFMOD_AUDIT_KEY", raising=False)
    made = connect.opened(settings.read())
    yield made
    made.close()


@pytest.mark.parametrize(
    ("options", "where", "reached", "not_reached"),
    [
        ((), "this server", [("other/one", 0)], []),
        (("--server",), "this server", [("", 0)], []),
        (("--organisation", "acme"), "acme", [("Acme/shop", 7)], [("other/one", 0)]),
        (("--repository", "acme/shop"), "acme/shop", [("acme/shop", 7)], [("acme/other", 7)]),
        (
            ("--repository", "acme/shop", "--pull", "7"),
            "acme/shop, pull request 7",
            [("acme/shop", 7)],
            [("acme/shop", 8)],
        ),
    ],
)
def test_it_holds_at_once_and_ends(
    store: Store,
    tmp_path: Path,
    options: tuple[str, ...],
    where: str,
    reached: list[tuple[str, int]],
    not_reached: list[tuple[str, int]],
) -> None:
    ran = selfmod("stop", *options, "--why", "incident 4711", at=tmp_path)
    assert (ran.code, ran.error) == (0, "")
    first, second = ran.text.splitlines()
    assert first == f"{where}: stopped by the operator: incident 4711"
    assert second.startswith("It ends with: selfmod resume")
    for each in reached:
        assert stops.holding(store, *each) is not None
    assert [each for each in not_reached if stops.holding(store, *each)] == []
    again = selfmod("stop", *options, "--why", "another", at=tmp_path)
    assert again.text.splitlines()[0] == f"{where}: stopped by the operator: incident 4711 already"
    command = second.removeprefix("It ends with: selfmod ").removesuffix(" --why TEXT").split()
    over = selfmod(*command, "--why", "mended", at=tmp_path)
    assert (over.code, over.text.splitlines()) == (
        0,
        [f"{where} goes on. What was decided before is merged only after a fresh approval."],
    )
    assert [each for each in reached if stops.holding(store, *each)] == []
    assert [each.kind for each in audit.newest(store, "stopped", 9)] == ["stopped", "stopped"]
    (resumed,) = audit.newest(store, "resumed", 9)
    assert json.loads(resumed.facts)["why"] == "mended"


def test_what_holds_is_listed(store: Store, tmp_path: Path) -> None:
    assert selfmod("stop", "--list", at=tmp_path).text == "Nothing is stopped.\n"
    assert json.loads(selfmod("stop", "--list", "--json", at=tmp_path).out) == {"version": 1, "stops": []}
    stops.put(store, Stop("ann", "odd\u202e\x1b[31m", 1_795_957_400.0, repository="acme/shop", number=7))
    line = selfmod("stop", "--list", at=tmp_path).text
    assert line == ("acme/shop, pull request 7  stopped by @ann: odd\\u202e\\x1b[31m  since 2026-11-29 13:03 UTC\n")
    (found,) = json.loads(selfmod("stop", "--list", "--json", at=tmp_path).out)["stops"]
    assert (found["by"], found["number"], found["where"]) == ("@ann", 7, "acme/shop, pull request 7")
    left = selfmod("resume", "--server", "--why", "x", at=tmp_path)
    assert left.code == 2
    assert "nothing stopped this server.  What is stopped: acme/shop, pull request 7." in left.error


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "nobody said why"),
        (("--why", "  "), "nobody said why"),
        (("--why", "x" * 1001), "at most 1000 characters"),
        (("--server", "--organisation", "acme", "--why", "x"), "exclude each other"),
        (("--organisation", "acme", "--repository", "acme/shop", "--why", "x"), "exclude each other"),
        (("--pull", "7", "--why", "x"), "--pull needs --repository"),
        (("--repository", "acme", "--why", "x"), "is no repository"),
        (("--repository", "acme/..", "--why", "x"), "is no repository"),
        (("--organisation", "acme/shop", "--why", "x"), "is no account"),
    ],
)
@pytest.mark.parametrize("verb", ["stop", "resume"])
def test_what_is_not_clear_is_refused(
    store: Store, tmp_path: Path, verb: str, options: tuple[str, ...], said: str
) -> None:
    ran = selfmod(verb, *options, at=tmp_path)
    assert ran.code == 2
    assert said in ran.error
    assert stops.all_holding(store) == ()
