"""Records as the store keeps them, honest and hostile, and a shelf of them that answers the pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from app.dashboard.reading import Brief, Entry, Health, Record, Running, Stood, Stopped, Vote
from app.settings import ServerSettings

BASE, HEAD, OLD, CONFIGURATION = ("7bd15a0b" * 5, "28a1482f" * 5, "3f9c2e1d" * 5, "a81d9c04" * 5)
PUBLIC = "https://selfmod.example"
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'\u202egnp.exe\u2066 \x1b[31m\0{{ 7*7 }}"

SETTINGS = ServerSettings(
    database_url="sqlite://",
    data_dir=Path("data"),
    public_url=PUBLIC,
    webhook_secrets=(SecretStr("webhook secret"),),
    operator_token=SecretStr("operator token"),
)


def finding(line: int, rule: str = "eval-of-text", severity: str = "medium", message: str = "") -> dict[str, Any]:
    return {
        "file": "orders/rates.py",
        "line": line,
        "column": 12,
        "rule": rule,
        "severity": severity,
        "message": message or "eval() runs the text with all the program's rights",
    }


def stage(name: str, state: str = "passed", reason: str = "", findings: Sequence[Any] = (), **facts: str) -> Any:
    return {
        "stage": name,
        "state": state,
        "reason": reason,
        "facts": facts,
        "findings": list(findings),
        "seconds": 1.479,
    }


def factor(name: str, seen: str, weight: int, floor: str | None = None, lower: str = "", known: bool = True) -> Any:
    return {"name": name, "seen": seen, "weight": weight, "floor": floor, "lower": lower, "known": known}


def run(failed: int, passed: int) -> dict[str, Any]:
    counts = {"passed": passed, "failed": failed, "skipped": 1, "xfailed": 0, "xpassed": 0, "error": 0}
    return {
        "passed": not failed,
        "trusted": True,
        "why": "",
        "counts": counts,
        "framework": "pytest 9.2.0",
        "python": "3.13.0",
        "environment": "built from requirements.lock",
        "backend": "bubblewrap",
        "weaker": "",
        "seconds": 0.551,
    }


def tree() -> dict[str, Any]:
    author = {
        "predicate": "authors",
        "satisfied": False,
        "description": "the author @bob is none of them",
        "wanted": ["@lead"],
        "inner": [],
    }
    paths = {
        "predicate": "paths",
        "satisfied": True,
        "description": "orders/rates.py matches",
        "wanted": ["orders/rates.py", "orders/prices/**"],
        "inner": [],
    }
    no = {"predicate": "not", "satisfied": True, "description": "", "wanted": [], "inner": [author]}
    return {"predicate": "all", "satisfied": True, "description": "2 of 2 hold", "wanted": [], "inner": [paths, no]}


def document(*, failing: bool = False) -> dict[str, Any]:
    test = "tests/test_store.py::StoreTest::test_an_order_has_its_time"
    result = {"id": test, "outcome": "failed", "message": "TypeError: '>' not supported", "file": "tests/test_store.py"}
    stages = [
        stage("syntax", python="3.10 to 3.14", files="2 Python"),
        stage("security", analysed="2 Python files"),
        stage("dangerous", findings=[finding(47, "dangerous-eval", "high", "eval runs text as code")], files="2"),
        stage("imports", imports="0 added"),
        stage("sandbox", tests="19 passed", python="3.13.0"),
    ]
    if failing:
        stages[1] = stage(
            "security", "failed", "1 new security finding: eval-of-text in orders/rates.py:47", [finding(47)]
        )
        stages[4] = stage("sandbox", "failed", f"1 test fails that passed on the base: {test}", tests="18 passed")
    return {
        "version": 1,
        "change": {
            "name": "7",
            "base": BASE,
            "head": HEAD,
            "files": ["orders/rates.py", "orders/store.py"],
            "added": 41,
            "removed": 3,
        },
        "passed": not failing,
        "stages": stages,
        "tests": {
            "head": run(int(failing), 19 - failing),
            "base": run(0, 19),
            "newly_failing": [result] if failing else [],
            "still_failing": [],
            "added": [{"id": "tests/test_rates.py::test_convert", "outcome": "passed", "message": "", "file": ""}],
            "flaky": ["tests/test_web.py::test_slow"],
            "coverage": [
                {"file": "orders/rates.py", "covered": [39, 41, 42], "uncovered": [43, 46, 47, 51]},
                {"file": "orders/store.py", "covered": [24, 26], "uncovered": []},
            ],
        },
        "assessment": {
            "level": "MEDIUM_RISK",
            "score": 6,
            "factors": [
                factor(
                    "changed lines covered by tests",
                    "5 of 9 (55 %); not orders/rates.py:43, 46-47, 51",
                    3,
                    "MEDIUM_RISK",
                    "cover orders/rates.py:43, 46-47, 51 by a test",
                ),
                factor("public API", "`convert` is new (orders/rates.py:39)", 2),
                factor("generator", "a person", 1),
                factor("hot spots", "the history is not here", 0, known=False),
                factor("size", "44 lines in 2 files", 0),
            ],
            "lower": "To lower it to LOW_RISK: cover orders/rates.py:43, 46-47, 51 by a test.",
        },
        "rules": [
            {
                "rule": "money",
                "why": "prices are money (paths: orders/rates.py matches)",
                "approvers": ["@acme/rates"],
                "seen": tree(),
            }
        ],
        "seconds": 6.5,
    }


def decision(level: str = "MEDIUM_RISK", approvals: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "level": level,
        "merge": "by_person",
        "approvals": approvals,
        "code_owners": 0,
        "approvers": [],
        "named": ["@acme/rates"] if approvals else [],
        "review": False,
        "blocked": "",
        "why": "",
        "reasons": ["Pull requests of others are merged by a person."],
    } | more


RECORD = Record(
    id="mod_4be1a9d07c35",
    repository="acme/orders",
    number=7,
    base=BASE,
    head=HEAD,
    document=document(),
    decision=decision(approvals=2),
    configuration=CONFIGURATION,
    who="bob",
    started=1_795_957_000.0,
    finished=1_795_957_331.0,
)
EARLIER = replace(
    RECORD,
    id="mod_0123456789ab",
    head=OLD,
    document=document(failing=True),
    decision=decision("HIGH_RISK", 2, blocked="Validation failed: security, sandbox. Mend it and push again."),
    finished=1_795_950_000.0,
)
LEVELS = tuple(
    replace(
        RECORD, id=f"mod_{number:012x}", number=10 + number, decision=decision(level, number), finished=1_795_900_000.0
    )
    for number, level in enumerate(("SAFE", "LOW_RISK", "MEDIUM_RISK", "HIGH_RISK", "CRITICAL"))
)
STOOD = Stood(
    "waits",
    "1 of 2 approvals: anybody with write access, among them @acme/rates",
    "Somebody of @acme/rates approves 28a1482f28.",
    needed=2,
    given=1,
    votes=(
        Vote("ann", "review", HEAD, True, "write access"),
        Vote("bob", "review", HEAD, False, "the author"),
        Vote("eve", "button", OLD, False, "for an earlier commit, 3f9c2e1d3f"),
    ),
    configuration="main@a81d9c04a8, on top of acme/.github/selfmod.yml",
    values=(
        ("mode", "enforce", ".github/selfmod.yml:1"),
        ("approvals.medium_risk", "2", "acme/.github/selfmod.yml:14"),
    ),
    excluded=(("bob", "author"), ("build-bot", "committer")),
)
ENTRIES = (
    Entry(41, "2026-11-29T09:00:00Z", "reviewed", {"head": OLD, "level": "HIGH_RISK", "record": EARLIER.id}),
    Entry(44, "2026-11-29T12:55:00Z", "approved", {"head": HEAD, "login": "ann", "via": "review"}),
    Entry(45, "2026-11-29T12:55:01Z", "gate", {"conclusion": "success", "approvals": ["ann"], "waits": None}),
)


def brief(record: Record) -> Brief:
    return Brief(record.id, record.head, str(record.decision.get("level", "")), record.finished)


@dataclass(frozen=True)
class Shelf:
    """Records in memory that answer as the store does."""

    records: tuple[Record, ...] = (RECORD, EARLIER, *LEVELS)
    gates: Mapping[str, Stood] = field(default_factory=lambda: {RECORD.id: STOOD})
    entries: Sequence[Entry] = ENTRIES
    jobs: Sequence[Running] = (Running("review", "acme/web", 12, "running", 1_795_957_400.0),)
    parts: Sequence[Health] = (
        Health("Database", "healthy", "SQLite, 12 MB"),
        Health("Inbox", "degraded", "31 deliveries wait, the oldest for 4 min: start another worker"),
        Health("Sandbox", "unknown", "not tried yet"),
    )
    halts: Sequence[Stopped] = ()
    undos: Mapping[str, str] = field(default_factory=dict)

    def record(self, id: str) -> Record | None:
        return next((each for each in self.records if each.id == id), None)

    def of_pull(self, repository: str, number: int) -> Sequence[Record]:
        same = [each for each in self.records if each.repository == repository.casefold() and each.number == number]
        return sorted(same, key=lambda each: -each.finished)

    def listed(self, repository: str, number: int) -> Sequence[Brief]:
        return [brief(each) for each in self.of_pull(repository, number)]

    def newest(self, most: int) -> Sequence[Record]:
        return sorted(self.records, key=lambda each: -each.finished)[:most]

    def stood(self, records: Sequence[Record]) -> Mapping[str, Stood]:
        return self.gates

    def history(self, record: Record) -> Sequence[Entry]:
        return self.entries

    def undo(self, record: Record) -> str:
        return self.undos.get(record.id, "")

    def running(self) -> Sequence[Running]:
        return self.jobs

    def health(self) -> Sequence[Health]:
        return self.parts

    def stopped(self) -> Sequence[Stopped]:
        return self.halts


EMPTY = Shelf((), {}, (), (), ())


def hostile(findings: int = 10_000) -> Record:
    """Every text of the record is an attack, and there is much of it."""

    def spoilt(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: spoilt(each, name) for name, each in value.items()}
        if isinstance(value, list):
            return [spoilt(each, key) for each in value]
        kept = key in ("state", "stage", "level", "floor", "predicate") or not isinstance(value, str)
        return value if kept else HOSTILE

    attacked: dict[str, Any] = spoilt(document(failing=True))
    many = [finding(line, HOSTILE, "low", f"{HOSTILE} {line}") for line in range(findings)]
    attacked["stages"][1]["findings"] = [each | {"file": f"a/{HOSTILE}/{'x' * 300}.py"} for each in many]
    return replace(
        RECORD,
        id="mod_bad0bad0bad0",
        number=66,
        document=attacked,
        decision=spoilt(decision()) | {"level": "CRITICAL"},
        who=HOSTILE,
    )
