"""The strongest sandbox that holds is chosen; where none does, nothing is."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from checks.model.errors import Refusal
from checks.model.trees import File
from checks.sandbox.choose import BACKENDS, Backend, choose, probed, strongest
from checks.sandbox.port import Ability, Command, Limits, Result, Sandbox
from checks.sandbox.weaker import landlock, rules
from tests.checks.sandbox.weaker.unprivileged import as_user, interpreter

HOLDS = Ability("namespaces", True, "seen")
MISSING = Ability("bubblewrap", False, "no sandbox on this host: bubblewrap is not installed.", "Install it: apt-get x")
REFUSED = Ability("namespaces", False, "the kernel says no", "Allow them: sysctl x")


class Named:
    weaker = ""

    def __init__(self, name: str, python: Path | None) -> None:
        self.name, self.python = name, python

    def run(
        self, command: Command, files: Iterable[File], limits: Limits, cancelled: Callable[[], bool] = lambda: False
    ) -> Result:
        raise AssertionError("choosing runs nothing itself")


def backend(name: str, *abilities: Ability, chosen: bool = True) -> Backend:
    def made(python: Path | None) -> Sandbox:
        return Named(name, python)

    return Backend(name, lambda: abilities, made, chosen=chosen)


@pytest.mark.parametrize(
    ("backends", "name"),
    [
        ((backend("first", HOLDS), backend("second", HOLDS)), "first"),
        ((backend("first", HOLDS, REFUSED), backend("second", HOLDS)), "second"),
        ((backend("first", MISSING), backend("unverified", HOLDS, chosen=False), backend("third", HOLDS)), "third"),
    ],
)
def test_the_first_that_holds(backends: tuple[Backend, ...], name: str) -> None:
    found = choose(Path("/python"), backends)
    assert isinstance(found, Named) and (found.name, found.python) == (name, Path("/python"))


@pytest.mark.parametrize(
    ("backends", "said"),
    [
        (
            (backend("bubblewrap", MISSING), backend("landlock", REFUSED)),
            "no sandbox on this host: bubblewrap is not installed.  "
            "Install it: apt-get x  (or see 'selfmod sandbox probe')",
        ),
        (
            (backend("bubblewrap", HOLDS, REFUSED), backend("unverified", HOLDS, chosen=False)),
            "no sandbox on this host: bubblewrap: namespaces: the kernel says no.  "
            "Allow them: sysctl x  (or see 'selfmod sandbox probe')",
        ),
        (
            (backend("unverified", HOLDS, chosen=False),),
            "no sandbox on this host.  Install bubblewrap: apt-get install bubblewrap  "
            "(or see 'selfmod sandbox probe')",
        ),
    ],
)
def test_none_holds(backends: tuple[Backend, ...], said: str) -> None:
    with pytest.raises(Refusal) as refusal:
        choose(None, backends)
    assert str(refusal.value) == said


def test_all_are_probed_in_order() -> None:
    backends = (backend("a", HOLDS, REFUSED), backend("b", MISSING, chosen=False))
    told: list[str] = []
    found = probed(told.append, backends)
    assert [(each.name, each.holds, each.missing) for each in found] == [("a", False, REFUSED), ("b", False, MISSING)]
    assert told == ["a", "b"] and strongest(found) is None


def test_what_is_unverified_is_never_the_strongest() -> None:
    found = probed(backends=(backend("a", HOLDS, chosen=False), backend("b", HOLDS), backend("c", HOLDS)))
    assert strongest(found) is found[1]


def test_every_backend_says_what_to_do() -> None:
    for backend in probed():
        assert backend.abilities
        for each in backend.abilities:
            assert each.name and each.seen and bool(each.remedy) is not each.holds, (backend.name, each)


@pytest.mark.skipif(rules.version() < rules.LEAST, reason="the kernel's Landlock is too old")
def test_an_ordinary_user_without_bubblewrap_gets_the_weaker_one() -> None:
    python = interpreter()
    real = next(each for each in BACKENDS if each.name == "landlock")
    weaker = Backend(real.name, lambda: landlock.abilities(python), real.make)
    chosen = as_user(lambda: choose(Path(python), (backend("bubblewrap", MISSING), weaker)))
    assert chosen.name == "landlock" and "can be seen" in chosen.weaker
