"""Factors whose own work is small: size, stages, findings, generator, policy, hot spots, paths in words."""

from dataclasses import replace
from pathlib import Path

import pytest

from checks.model.findings import Severity
from checks.model.safety import Level, Proposer
from checks.model.verdicts import State, Verdict
from checks.repository.snapshot import of_commit
from checks.risk.factors import dangerous, generator, hot_spots, paths, policy, public_api, security, size, stages
from tests.changed import BASE, change, edited, evidence, finding, run, verdict
from tests.repositories import made

CART = "src/shop/cart.py"


def lines(count: int, name: str = "src/shop/new{}.py", files: int = 1) -> dict[str, str]:
    return BASE | {name.format(number): "x = 1\n" * count for number in range(files)}


@pytest.mark.parametrize(
    ("head", "weights"),
    [
        (lines(1), [0]),
        (lines(50), [0]),
        (lines(51), [1]),
        (lines(151), [2]),
        (lines(401), [3]),
        (lines(1001), [5]),
        (lines(1, files=11), [0, 1]),
        (lines(1, files=41), [0, 2]),
        (lines(5000, "tests/test_{}.py"), [0]),
        (lines(5000, "docs/{}.md"), [0]),
        (lines(5000, "poetry{}.lock"), [0]),
        (lines(5000, "src/a{}_pb2.py"), [5]),
    ],
)
def test_size(head: dict[str, str], weights: list[int]) -> None:
    assert [each.weight for each in size.weigh(evidence(change(BASE, head)))] == weights


def test_size_says_what_it_counted_and_what_it_did_not() -> None:
    head = BASE | {CART: BASE[CART] + "x = 1\n", "tests/test_cart.py": "\n"}
    (found,) = size.weigh(evidence(change(BASE, head)))
    assert found.seen == "1 line in 1 file, and 6 of tests, documentation and generated files"


def test_what_cannot_be_read_is_said_to_be() -> None:
    of = change(BASE, BASE | {CART: "x = 1\n"})
    of = replace(of, head=change(BASE, {k: v for k, v in BASE.items() if k != CART}).head)
    assert [each.seen for each in size.weigh(evidence(of))][-1] == f"not read: {CART}"


@pytest.mark.parametrize("module", [security, dangerous])
@pytest.mark.parametrize("severity", list(Severity))
def test_findings_weigh_more_the_graver_they_are(module: object, severity: Severity) -> None:
    weigher, stage = (security, "security") if module is security else (dangerous, "dangerous")

    def weight(*severities: Severity) -> int:
        found = tuple(finding(each, line=number) for number, each in enumerate(severities))
        return sum(f.weight for f in weigher.weigh(evidence(edited(), verdict(findings={stage: found}))))

    graver = list(Severity)[severity.rank + 1 :]
    assert all(weight(other) > weight(severity) for other in graver[:1])
    assert weight(severity, severity) >= weight(severity)
    assert weight(*[severity] * 50) <= 16
    assert weigher.weigh(evidence(edited(), Verdict(()))) == ()


def test_a_finding_is_named_with_its_place() -> None:
    seen = verdict(findings={"security": (finding(Severity.HIGH),)})
    (found,) = security.weigh(evidence(edited(), seen))
    assert found.seen == "1 of severity high: some-rule at src/shop/cart.py:3:1"
    assert found.floor is Level.HIGH_RISK


def test_stages_that_did_not_pass_are_named() -> None:
    seen = verdict(states={"syntax": State.FAILED, "sandbox": State.SKIPPED, "imports": State.ERROR})
    found = {each.seen: each.floor for each in stages.weigh(evidence(edited(), seen))}
    assert set(found) == {"failed: syntax", "error: imports", "skipped: sandbox"}
    assert set(found.values()) == {Level.MEDIUM_RISK}
    assert stages.weigh(evidence(edited(), verdict())) == ()


@pytest.mark.parametrize(
    ("changes", "weight"),
    [
        ({"head": run(trusted=False)}, 6),
        ({"base": run(trusted=False)}, 6),
        ({"head": run(weaker="Landlock only")}, 1),
        ({"flaky": ("a", "b")}, 1),
        ({"skipped_now": ("a",)}, 4),
    ],
)
def test_what_the_tests_tell(changes: dict[str, object], weight: int) -> None:
    seen = verdict()
    assert seen.tests is not None
    tests = replace(seen.tests, **changes)  # type: ignore[arg-type]  # a table of fields of several types
    (found,) = stages.weigh(evidence(edited(), replace(seen, tests=tests)))
    assert found.weight == weight


@pytest.mark.parametrize(
    ("proposer", "fixes", "record", "weights"),
    [
        (Proposer.PERSON, (), None, [1]),
        (Proposer.PERSON, (), 0.1, [1]),
        (Proposer.FORK, (), None, [2]),
        (Proposer.FORK, ("bare-except",), None, [2, 1]),
        (Proposer.DEPENDENCY_BOT, (), None, [1, 1]),
        (Proposer.SELFMOD, ("bare-except",), None, [0, 1]),
        (Proposer.SELFMOD, ("bare-except",), 0.99, [0, 0]),
        (Proposer.SELFMOD, ("bare-except",), 0.9, [0, 1]),
        (Proposer.SELFMOD, ("bare-except",), 0.5, [0, 4]),
        (Proposer.SELFMOD, (), None, [3, 1]),
    ],
)
def test_the_generator_and_its_record(
    proposer: Proposer, fixes: tuple[str, ...], record: float | None, weights: list[int]
) -> None:
    seen = replace(evidence(edited(), proposer=proposer, fixes=fixes), record=record)
    assert [each.weight for each in generator.weigh(seen)] == weights


def test_the_policys_demands_are_floors() -> None:
    seen = evidence(edited(), demanded=(("schema", Level.HIGH_RISK), ("nothing", Level.SAFE)))
    assert [(each.floor, each.seen) for each in policy.weigh(seen)] == [
        (Level.HIGH_RISK, "schema demands HIGH_RISK"),
        (None, "nothing demands SAFE"),
    ]


def test_sensitive_paths_are_floors_with_their_paths() -> None:
    seen = evidence(edited(src__shop__cart_py="x = 1\n"), sensitive=(("src/shop/c*", Level.CRITICAL),))
    (found,) = paths.weigh(seen)
    assert (found.floor, found.seen) == (Level.CRITICAL, f"sensitive (CRITICAL): {CART}")
    assert found.lower == f"leave out {CART}"


def test_many_broken_names_weigh_more_than_one() -> None:
    names = {count: "".join(f"def f{number}(): ...\n" for number in range(count)) for count in (1, 7, 100)}
    weights = []
    for text in names.values():
        found = public_api.weigh(evidence(change({"m.py": text}, {"m.py": "# none\n"})))
        weights.append(sum(each.weight for each in found))
    assert weights == [5, 7, 9]


def test_hot_spots_are_unknown_without_a_history_and_seen_with_one(tmp_path: Path) -> None:
    (found,) = hot_spots.weigh(evidence(edited(src__shop__cart_py="x = 1\n")))
    assert (found.known, found.weight) == (False, 1)
    repository = made(tmp_path / "work")
    for number in range(20):
        repository.put(f"m{number}.py", "x = 1\n" * 10)
    repository.git("add", "-A")
    repository.git("commit", "-q", "-m", "Begin")
    for number in range(3):
        repository.put("m1.py", f"y = {number}\n" * 40)
        repository.git("commit", "-qam", "Fix a crash")
    base = repository.git("rev-parse", "HEAD").strip()
    weights = {}
    for name in ("m1", "m2"):
        head = repository.commit(**{name: "z = 1\n"})
        of = replace(
            change({f"{name}.py": "a"}, {f"{name}.py": "b"}),
            base=of_commit(repository.root, base),
            head=of_commit(repository.root, head),
            root=repository.root,
            base_commit=base,
        )
        (found,) = hot_spots.weigh(evidence(of))
        weights[name] = found.weight
    assert weights == {"m1": 3, "m2": 0}
