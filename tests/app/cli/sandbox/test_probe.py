"""`selfmod sandbox probe` in words and for programs."""

import json
from pathlib import Path

from app.cli.sandbox.probe import _document, _table
from checks.sandbox.choose import BACKENDS, Backend, Probed, strongest
from checks.sandbox.port import Ability
from tests.commands import selfmod

NO = Ability("namespaces", False, "refused by \x1b[2J the kernel", "Allow them: sysctl x")
YES = Ability("a filter", True, "loaded")


def probed(*rows: tuple[str, str, Ability]) -> tuple[Probed, ...]:
    return tuple(Probed(Backend(name, tuple, BACKENDS[0].make, weaker), (each,)) for name, weaker, each in rows)


def test_this_host(tmp_path: Path) -> None:
    ran = selfmod("sandbox", "probe", "--json", at=tmp_path)
    told = json.loads(ran.out)
    assert [each["name"] for each in told["backends"]] == [each.name for each in BACKENDS]
    assert all(each["abilities"] for each in told["backends"])
    first = next((each for each in told["backends"][:2] if each["holds"]), None)
    assert (told["chosen"], ran.code) == ((first["name"], 0) if first else (None, 2))
    text = selfmod("sandbox", "probe", at=tmp_path)
    assert text.code == ran.code
    assert text.text.splitlines()[-1].startswith("Tests are run in" if first else "Tests cannot be run")


def test_the_table_of_a_host_that_refuses() -> None:
    found = probed(("bubblewrap", "", NO), ("landlock", "all is seen", YES))
    assert list(_table(found, strongest(found))) == [
        "bubblewrap   cannot be had here",
        "  no   namespaces  refused by \\x1b[2J the kernel",
        "                   Allow them: sysctl x",
        "landlock   holds",
        "  yes  a filter    loaded",
        "",
        "Tests are run in landlock. It is weaker: all is seen.",
    ]
    assert _document(found, strongest(found))["weaker"] == "all is seen"


def test_a_host_without_any() -> None:
    found = probed(("bubblewrap", "", NO))
    assert list(_table(found, strongest(found)))[-1] == "Tests cannot be run on this host."
    assert _document(found, None)["chosen"] is None
