"""What a repository may say about risk: thresholds, sensitive paths, and rules of its own."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from checks.model.safety import Level, Proposer
from checks.model.section import Line, Pattern, Person, Raised, Section, Team, Who, whole
from checks.risk.evidence import THRESHOLDS

MOST_RULES = 100
DEEPEST_CONDITION = 5
"""Conditions within conditions (`any`, `all`, `not`)."""


class Thresholds(Section):
    """The least score of each level. Lower is stricter; a threshold cannot be raised by more than half, and any score
    at all is more than `SAFE`."""

    LOW_RISK: int = whole(THRESHOLDS[Level.LOW_RISK], 0, 1, "The least score of `LOW_RISK`.")
    MEDIUM_RISK: int = whole(THRESHOLDS[Level.MEDIUM_RISK], 1, 6, "The least score of `MEDIUM_RISK`.")
    HIGH_RISK: int = whole(THRESHOLDS[Level.HIGH_RISK], 2, 13, "The least score of `HIGH_RISK`.")
    CRITICAL: int = whole(THRESHOLDS[Level.CRITICAL], 3, 36, "The least score of `CRITICAL`.")

    @model_validator(mode="after")
    def _increasing(self) -> Self:
        names = list(type(self).model_fields)
        for lower, higher in pairwise(names):
            least, next_one = getattr(self, lower), getattr(self, higher)
            if least >= next_one:
                raise ValueError(f"{higher} ({next_one}) is to be more than {lower} ({least})")
        return self

    def by_level(self) -> Mapping[Level, int]:
        """The least score of each level but `SAFE`."""
        return {Level(name): getattr(self, name) for name in type(self).model_fields}


class Sensitive(Section):
    """Paths that a change cannot touch without being noticed."""

    paths: tuple[Pattern, ...] = Field(
        min_length=1, max_length=1000, description="Patterns as in .gitignore, from the root."
    )
    level: Raised = Field(default=Level.HIGH_RISK, description="The least level of a change that touches one of them.")
    teams: tuple[Who, ...] = Field(
        default=(), max_length=20, description="Of whom one must approve such a change; empty: as its level says."
    )


class RiskSettings(Section):
    """What makes a change risky here."""

    EXAMPLE: ClassVar[str] = """\
risk:
  thresholds:
    HIGH_RISK: 7             # stricter than selfmod's own 9
  sensitive:
    - paths: ["src/billing/**", "migrations/"]
      level: CRITICAL
      teams: ["@acme/billing"]
"""
    thresholds: Thresholds = Field(
        default=Thresholds(), description="The least score of each level: lowered freely, raised by half at most."
    )
    sensitive: tuple[Sensitive, ...] = Field(
        default=(), max_length=MOST_RULES, description="Paths that raise the level of a change, and their teams."
    )


def said_only(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a rule says, without the many keys that it leaves out."""
    return {key: value for key, value in values.items() if value is not None and value not in ((), [])}


class Condition(Section):
    """What a rule looks at. Of several keys, all must hold. A rule that hangs on something unknown where it is
    evaluated (an author's teams, on a workstation) applies: it can only make things stricter."""

    paths: tuple[Pattern, ...] = Field(
        default=(), max_length=1000, description="Some changed path matches one of these patterns (as in .gitignore)."
    )
    only_paths: tuple[Pattern, ...] = Field(
        default=(), max_length=1000, description="Every changed path matches one of these patterns."
    )
    authors: tuple[Person, ...] = Field(default=(), max_length=100, description="The author is one of these people.")
    not_authors: tuple[Person, ...] = Field(
        default=(), max_length=100, description="The author is none of these people."
    )
    author_in_teams: tuple[Team, ...] = Field(
        default=(), max_length=100, description="The author is in one of these teams."
    )
    lines_over: int | None = Field(
        default=None, ge=0, le=1_000_000, strict=True, description="More lines than this are added or removed."
    )
    files_over: int | None = Field(
        default=None, ge=0, le=100_000, strict=True, description="More files than this are changed."
    )
    proposer: tuple[Proposer, ...] = Field(default=(), max_length=4, description="Who proposes the change.")
    touches_tests: bool | None = Field(
        default=None, strict=True, description="Whether a test, or the configuration of tests, is changed."
    )
    changed_dependencies: bool | None = Field(
        default=None, strict=True, description="Whether a declared or locked dependency is changed."
    )
    all: "tuple[Condition, ...]" = Field(default=(), max_length=20, description="All of these hold.")
    any: "tuple[Condition, ...]" = Field(default=(), max_length=20, description="At least one of these holds.")
    not_: "Condition | None" = Field(default=None, alias="not", description="This does not hold.")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.said():
            raise ValueError('a condition without a predicate would always hold; for that write paths: ["**"]')
        return self

    @model_serializer(mode="wrap")
    def _brief(self, whole_dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return said_only(whole_dump(self))

    def said(self) -> tuple[str, ...]:
        """The names of the predicates that are given, in the order of the documentation."""
        return tuple(name for name in type(self).model_fields if getattr(self, name) not in ((), None))

    def depth(self) -> int:
        """1 for a condition with no other one inside."""
        inner = [*self.all, *self.any, *([self.not_] if self.not_ else [])]
        return 1 + max((each.depth() for each in inner), default=0)


class Demand(Section):
    """What a rule adds where it applies. Nothing here can lower what holds already."""

    level: Raised | None = Field(default=None, description="The least level of the change.")
    approvers: tuple[Who, ...] = Field(
        default=(), max_length=20, description="People and teams of whom approvals are needed."
    )
    approvals: int | None = Field(
        default=None,
        ge=1,
        le=10,
        strict=True,
        description="How many people must approve; more where the level says so.",
    )
    reason: Line | None = Field(default=None, description="One line for whoever reads why.")

    @model_validator(mode="after")
    def _demands_something(self) -> Self:
        if self.level is None and not self.approvers and self.approvals is None:
            raise ValueError("this demands nothing: give a level, approvers or approvals")
        return self

    @model_serializer(mode="wrap")
    def _brief(self, whole_dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return said_only(whole_dump(self))


def _shallow(condition: Condition) -> Condition:
    if condition.depth() > DEEPEST_CONDITION:
        raise ValueError(f"conditions are nested deeper than {DEEPEST_CONDITION} levels")
    return condition


class PolicyRule(Section):
    """Where the condition of a rule holds, it raises the level or names approvers. Of several keys beneath `if`, all
    must hold. A rule that hangs on something unknown where it is evaluated (an author's teams, on a workstation)
    applies."""

    name: Line = Field(description="What the check run and the tests of the policy call it.")
    if_: Annotated[Condition, AfterValidator(_shallow)] = Field(alias="if", description="Where the rule applies.")
    then: Demand = Field(description="What it demands there.")


def _distinct(rules: tuple[PolicyRule, ...]) -> tuple[PolicyRule, ...]:
    names = [rule.name for rule in rules]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"two rules are called {name!r}")
    return rules


type Policy = Annotated[tuple[PolicyRule, ...], AfterValidator(_distinct), Field(max_length=MOST_RULES)]
POLICY_EXAMPLE = """\
policy:
  - name: sign-in needs security
    if:
      paths: ["src/auth/**"]
      not: {author_in_teams: ["@acme/security"]}
    then:
      level: HIGH_RISK
      approvers: ["@acme/security"]
      reason: Whoever can sign in can do everything.
  - name: large changes by programs
    if:
      proposer: [selfmod, dependency_bot]
      any:
        - lines_over: 300
        - files_over: 20
    then:
      approvals: 2
"""
