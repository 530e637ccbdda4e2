"""Cases for the repository's own rules: what a change looks like, and what the rules are to make of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from pydantic import Field, model_validator

from checks.model.safety import Level, Proposer
from checks.model.section import Line, Person, Section, Team, Who
from checks.risk import policy
from checks.risk.policy import Applied
from checks.risk.predicates import Facts, Seen, look
from checks.risk.section import PolicyRule, RiskSettings

CASES_EXAMPLE = """\
cases:
  - name: a stranger to security changes sign-in
    change:
      paths: [src/auth/login.py]
      author: "@eve"
      teams: ["@acme/web"]
      lines: 12
    expect:
      level: HIGH_RISK
      approvers: ["@acme/security"]
      rules: [sign-in needs security]
  - name: words in the documentation ask for nobody
    change: {paths: [docs/index.md], author: "@eve", lines: 500}
    expect: {level: SAFE, rules: []}
"""


class CaseChange(Section):
    """A change as rules see it. What is left out is unknown; but who has an author and no teams is in none."""

    paths: tuple[Line, ...] = Field(default=(), max_length=1000, description="The paths that it touches.")
    author: Person | None = Field(default=None, description="Who wrote it, such as `@ann`.")
    teams: tuple[Team, ...] | None = Field(default=None, max_length=100, description="The teams of the author.")
    lines: int | None = Field(default=None, ge=0, strict=True, description="Lines that are added and removed.")
    files: int | None = Field(default=None, ge=0, strict=True, description="Files; as many as paths where left out.")
    proposer: Proposer = Field(default=Proposer.PERSON, description="Who proposes it.")
    tests: bool | None = Field(default=None, strict=True, description="Whether tests are changed; else the paths tell.")
    dependencies: bool | None = Field(
        default=None, strict=True, description="Whether dependencies are changed; else the paths tell."
    )

    def facts(self) -> Facts:
        """The same as the evaluation takes it."""
        author = None if self.author is None else self.author.removeprefix("@")
        teams = () if self.teams is None and author is not None else self.teams
        return Facts(self.paths, author, teams, self.lines, self.files, self.proposer, self.tests, self.dependencies)


class Expected(Section):
    """What is to come of it; what is left out may be anything."""

    level: Level | None = Field(
        default=None, description="The level that rules and sensitive paths demand together; `SAFE`: none does."
    )
    approvers: tuple[Who, ...] | None = Field(
        default=None, max_length=100, description="All who are named, in any order."
    )
    rules: tuple[Line, ...] | None = Field(
        default=None, max_length=100, description="The rules that apply, in any order."
    )

    @model_validator(mode="after")
    def _expects_something(self) -> Self:
        if self.level is None and self.approvers is None and self.rules is None:
            raise ValueError("this expects nothing: give a level, approvers or rules")
        return self


class Case(Section):
    """One case."""

    name: Line = Field(description="What it is called where it fails.")
    change: CaseChange = Field(description="The change.")
    expect: Expected = Field(description="What the rules are to make of it.")


class Cases(Section):
    """A file of cases."""

    cases: tuple[Case, ...] = Field(min_length=1, max_length=1000, description="The cases.")


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a case: nothing in `faults` where it is as expected; else sentences, the predicates that made the
    difference among them."""

    name: str
    level: Level
    approvers: tuple[str, ...]
    rules: tuple[str, ...]
    faults: tuple[str, ...]


def run(case: Case, rules: Sequence[PolicyRule], risk: RiskSettings) -> Ran:
    """One case against the rules and the sensitive paths of a configuration."""
    facts, expect = case.change.facts(), case.expect
    own = policy.evaluate(rules, facts)
    applied = (*own, *policy.guarded(risk.sensitive, facts.paths))
    level, approvers, names = policy.level(applied), policy.approvers(applied), tuple(each.rule for each in own)
    faults: list[str] = []
    if expect.level is not None and expect.level is not level:
        faults.append(f"the level is {level}, expected was {expect.level}")
        faults += _too_high(applied, expect.level) if level.rank > expect.level.rank else _too_low(rules, facts, expect)
    if expect.approvers is not None:
        faults += _approvers(expect.approvers, approvers, applied, rules, facts)
    if expect.rules is not None:
        known = {rule.name: rule for rule in rules}
        for name in expect.rules:
            if name not in known:
                faults.append(f"there is no rule {name!r}")
            elif name not in names:
                faults.append(f"rule {name!r} does not apply: {_said(look(known[name].if_, facts))}")
        for each in own:
            if each.rule not in expect.rules:
                faults.append(f"rule {each.rule!r} applies: {each.why}")
    return Ran(case.name, level, approvers, names, tuple(dict.fromkeys(faults)))


def _too_high(applied: Sequence[Applied], expected: Level) -> list[str]:
    over = [each for each in applied if each.level is not None and each.level.rank > expected.rank]
    return [f"{each.rule!r} demands {each.level}: {each.why}" for each in over]


def _too_low(rules: Sequence[PolicyRule], facts: Facts, expect: Expected) -> list[str]:
    wanted = [rule for rule in rules if rule.then.level is expect.level]
    if not wanted:
        return [f"no rule demands {expect.level}"]
    return [f"rule {rule.name!r} does not apply: {_said(look(rule.if_, facts))}" for rule in wanted]


def _approvers(
    expected: Sequence[str],
    found: Sequence[str],
    applied: Sequence[Applied],
    rules: Sequence[PolicyRule],
    facts: Facts,
) -> list[str]:
    faults = []
    wanted, there = {who.casefold(): who for who in expected}, {who.casefold(): who for who in found}
    for who in wanted.keys() - there.keys():
        names = [rule for rule in rules if who in {each.casefold() for each in rule.then.approvers}]
        why = [f"rule {rule.name!r} does not apply: {_said(look(rule.if_, facts))}" for rule in names]
        faults.append(f"{wanted[who]} is not asked for: {'; '.join(why) or 'no rule names them'}")
    for who in there.keys() - wanted.keys():
        why = [f"{each.rule!r}: {each.why}" for each in applied if who in {a.casefold() for a in each.approvers}]
        faults.append(f"{there[who]} is asked for by {'; '.join(why)}")
    return sorted(faults)


def _said(seen: Seen) -> str:
    return "; ".join(f"{leaf.predicate}: {leaf.description}" for leaf in seen.deciding())
