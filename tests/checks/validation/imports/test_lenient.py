from dataclasses import replace

import pytest

from checks.model.findings import Severity
from checks.model.safety import Proposer
from checks.repository.snapshot import of_memory
from checks.validation.imports import lenient, notes
from checks.validation.imports.found import Import

HERE = Import("acme.x", "", 0, 1, 8, 12, "", typing=False, later=False, scope="", text="import acme.x")
LATER = replace(HERE, later=True)


@pytest.mark.parametrize(
    ("path", "each", "rule", "known", "proposer", "severity"),
    [
        ("src/a.py", HERE, "import-unknown", {}, Proposer.PERSON, Severity.HIGH),
        ("src/a.py", LATER, "import-unknown", {}, Proposer.PERSON, Severity.HIGH),
        ("tests/test_a.py", HERE, "import-unknown", {}, Proposer.PERSON, Severity.HIGH),
        ("tests/test_a.py", LATER, "import-unknown", {}, Proposer.SELFMOD, Severity.LOW),
        ("src/a.py", HERE, "import-unknown", {"acme": "b.py"}, Proposer.PERSON, Severity.LOW),
        ("src/a.py", HERE, "import-unknown", {"acme": "b.py"}, Proposer.SELFMOD, Severity.HIGH),
        ("src/a.py", HERE, "import-missing-module", {"acme": "b.py"}, Proposer.PERSON, Severity.HIGH),
        ("examples/a.py", HERE, "import-unknown", {}, Proposer.PERSON, Severity.LOW),
        ("examples/a.py", HERE, "import-unknown", {}, Proposer.SELFMOD, Severity.HIGH),
        ("examples/a.py", HERE, "import-unknown", {}, Proposer.FORK, Severity.LOW),
    ],
)
def test_weighed(
    path: str, each: Import, rule: str, known: dict[str, str], proposer: Proposer, severity: Severity
) -> None:
    finding = notes.of_import(path, each, rule, notes.FAILS, "said")
    assert lenient.weighed(path, each, finding, known, proposer).severity is severity


def test_what_the_base_imports() -> None:
    base = of_memory(
        {
            "a.py": b"import acme.x\nfrom  other import y\n",
            "b.py": b"    import acme\n# import third\n'import fourth'\nimport acmes\n",
            "c.txt": b"import fifth\n",
        }
    )
    wanted = {"acme", "other", "third", "fourth", "fifth", "acm"}
    assert lenient.imported(base, wanted) == {"acme": "a.py", "other": "a.py"}


def test_distinct_keeps_the_worst_of_equal_ones() -> None:
    hint = notes.of_import("a.py", HERE, "r", notes.HINT, "said")
    worse = notes.of_import("a.py", replace(HERE, line=9), "r", notes.FAILS, "said")
    other = notes.of_import("b.py", HERE, "r", notes.HINT, "said")
    assert lenient.distinct([hint, worse, other]) == [worse, other]
