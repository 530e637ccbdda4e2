"""`.github/selfmod.yml`: what a repository may set, composed of the rooms' own sections."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field

from checks.configuration import layers, reading
from checks.configuration.approvals import ApprovalSettings, AutoApply, MergeSettings, Mode
from checks.configuration.layers import Layer, Layered
from checks.configuration.limits import LimitSettings, ScheduleSettings
from checks.configuration.reading import Read
from checks.debugging.section.fix import FixSettings
from checks.debugging.section.review import ReviewSettings
from checks.language_model.section import ModelSettings
from checks.model.section import Login, Pattern, Section
from checks.risk.cases import CASES_EXAMPLE, Cases
from checks.risk.section import POLICY_EXAMPLE, Policy, RiskSettings
from checks.sandbox.section import Runner, RunnerName, SandboxSettings

PLACE = ".github/selfmod.yml"
ORGANISATION = (".github/selfmod.yml", "selfmod.yml")
"""Where an organisation's `.github` repository has what holds for all its repositories; the first that is there."""
CASES = ".github/selfmod-tests.yml"
"""Where the cases for a repository's rules lie."""


class Settings(Section):
    """Everything that a repository may set. Without a file the defaults hold."""

    EXAMPLES: ClassVar[Mapping[str, str]] = {
        "mode": "mode: enforce              # observe: reports only; propose: opens pull requests, holds nothing\n",
        "auto_apply_threshold": "auto_apply_threshold: SAFE\n",
        "allowed_folders": 'allowed_folders: ["src/**", "tests/**", "!src/vendored/**"]\n',
        "allowed_commands": "allowed_commands: [pytest]\n",
        "dependency_bots": 'dependency_bots: ["renovate[bot]"]    # in quotes: [ ] would be a list\n',
        "policy": POLICY_EXAMPLE,
    }
    mode: Mode = Field(
        default=Mode.OBSERVE,
        description="How far selfmod goes: `observe` reports, `propose` opens pull requests too, `enforce` also holds "
        "merges until the approvals are there.",
    )
    auto_apply_threshold: AutoApply = Field(
        default=AutoApply.LOW_RISK, description="The highest level that is merged without a person."
    )
    review: ReviewSettings = Field(default=ReviewSettings(), description="What `selfmod review` reports.")
    fix: FixSettings = Field(default=FixSettings(), description="What `selfmod fix` may change.")
    allowed_folders: tuple[Pattern, ...] = Field(
        default=("**",),
        max_length=1000,
        description="Where selfmod may write what it proposes itself: patterns as in .gitignore, from the root; an "
        "empty list is nowhere.",
    )
    allowed_commands: tuple[RunnerName, ...] = Field(
        default=tuple(Runner), max_length=10, description="What the sandbox may run. The network is never among it."
    )
    sandbox: SandboxSettings = Field(default=SandboxSettings(), description="How the tests are run.")
    risk: RiskSettings = Field(default=RiskSettings(), description="What makes a change risky here.")
    policy: Policy = Field(
        default=(),
        description="Rules of your own. Each can only raise a level or ask for more approvals. Try them with "
        "`selfmod config test`.",
    )
    approvals: ApprovalSettings = Field(default=ApprovalSettings(), description="How many people must agree, and who.")
    merge: MergeSettings = Field(default=MergeSettings(), description="How an approved change gets in.")
    dependency_bots: tuple[Login, ...] = Field(
        default=("renovate[bot]", "dependabot[bot]"),
        max_length=20,
        description="Logins of bots that update dependencies: what changes lock files only is `MEDIUM_RISK` from them.",
    )
    limits: LimitSettings = Field(default=LimitSettings(), description="Bounds on what selfmod does by itself.")
    schedules: ScheduleSettings = Field(default=ScheduleSettings(), description="When selfmod begins by itself.")
    model: ModelSettings | None = Field(
        default=None, description="The language model that writes code; none is asked without this section."
    )


def inspect(content: bytes) -> Read[Settings]:
    """The settings that a file holds, or everything that is wrong with it. Raises nothing."""
    return reading.inspect(content, Settings)


def layered(organisation: Layer | None, repository: Layer | None) -> Layered[Settings]:
    """The settings of a repository on top of its organisation's, each value with where it comes from. Raises
    nothing."""
    return layers.layered(Settings, organisation, repository)


def read(content: bytes, place: str = PLACE) -> Settings:
    """The settings that a file holds. Raises Refusal with the place, the key and what would be valid."""
    return inspect(content).told(place)


def read_cases(content: bytes, place: str = CASES) -> Cases:
    """The cases that a file holds. Raises Refusal with the place, the key and what would be valid."""
    return reading.inspect(content, Cases).told(place)


def examples() -> dict[str, str]:
    """A piece of YAML for each key of the top, as the documentation shows it, and the file of cases."""
    own = {name: getattr(field.annotation, "EXAMPLE", None) for name, field in Settings.model_fields.items()}
    found = own | {"model": ModelSettings.EXAMPLE} | dict(Settings.EXAMPLES) | {CASES: CASES_EXAMPLE}
    return {name: text for name, text in found.items() if text is not None}


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the file, for editors."""
    schema = Settings.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "selfmod configuration"}
