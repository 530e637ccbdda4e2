"""The pages about validation and risk say all that the code has."""

from app.cli.documentation.safety import levels_table, risk_page, sections, stages_table, validation_page
from checks.model.safety import Level
from checks.risk.assess import FACTORS
from checks.risk.weights import TABLE
from checks.validation.patterns.table import PATTERNS
from checks.validation.pipeline import STAGES


def test_every_stage_and_pattern_is_there_with_its_parts() -> None:
    page = validation_page(STAGES, PATTERNS, "")
    for stage in STAGES:
        assert f"\n## {stage.NAME}\n" in page
        assert set(sections(stage)) == {"summary", "What it does", "What fails it", "What to do"}  # type: ignore[arg-type]  # a module satisfies the protocol
    for pattern in PATTERNS:
        assert f"| `{pattern.rule}` |" in page


def test_every_factor_and_every_weight_is_there() -> None:
    page = risk_page(FACTORS, TABLE, "")
    for factor in FACTORS:
        assert f"\n## {factor.NAME}\n" in page
        said = sections(factor)  # type: ignore[arg-type]  # a module satisfies the protocol
        assert {"What it sees", "Why it counts", "How to lower it"} <= set(said), factor.NAME
    for (_, case), weight in TABLE.items():
        assert f"| {case} | +{weight.points} |" in page


def test_the_readme_has_every_level_and_stage() -> None:
    assert all(f"| `{level.value}` |" in levels_table() for level in Level)
    assert all(f"| {stage.NAME} |" in stages_table(STAGES) for stage in STAGES)
