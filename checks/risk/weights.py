"""All weights of the assessment, in one table that the documentation shows: points, the least level, and why."""

from dataclasses import dataclass
from types import MappingProxyType

from checks.model.safety import Factor, Level

LOW, MEDIUM, HIGH, CRITICAL = Level.LOW_RISK, Level.MEDIUM_RISK, Level.HIGH_RISK, Level.CRITICAL


@dataclass(frozen=True, slots=True)
class Weight:
    """What one observation counts: `points`, the level `floor` that it alone makes the least (None where it does not),
    and why it is so."""

    points: int
    floor: Level | None
    why: str


TABLE: MappingProxyType[tuple[str, str], Weight] = MappingProxyType(
    {
        ("paths", "critical"): Weight(16, CRITICAL, "decides what runs with secrets, or what selfmod itself may do"),
        ("paths", "build"): Weight(6, HIGH, "runs while the project is built, installed or tested"),
        ("paths", "build by a program or a fork"): Weight(16, CRITICAL, "nobody who answers for it wrote it"),
        ("paths", "lock by a dependency bot"): Weight(4, MEDIUM, "the bot's own task, and no code of the project"),
        ("paths", "link or submodule"): Weight(6, HIGH, "shows other content than the change shows"),
        ("paths", "link or submodule by a program or a fork"): Weight(16, CRITICAL, "no fix needs one"),
        ("paths", "compiled"): Weight(6, HIGH, "nobody can read it in a review"),
        ("paths", "executable"): Weight(1, None, "a file became executable, or ceased to be"),
        ("paths", "sensitive LOW_RISK"): Weight(1, LOW, "the configuration says so"),
        ("paths", "sensitive MEDIUM_RISK"): Weight(4, MEDIUM, "the configuration says so"),
        ("paths", "sensitive HIGH_RISK"): Weight(6, HIGH, "the configuration says so"),
        ("paths", "sensitive CRITICAL"): Weight(16, CRITICAL, "the configuration says so"),
        ("size", "up to 50 lines"): Weight(0, None, "a change of this size is read whole"),
        ("size", "up to 150 lines"): Weight(1, None, "reviews find less in longer changes"),
        ("size", "up to 400 lines"): Weight(2, None, "about what a reviewer can hold in mind in one sitting"),
        ("size", "up to 1,000 lines"): Weight(3, MEDIUM, "longer than one sitting"),
        ("size", "more lines"): Weight(5, MEDIUM, "not reviewable in one piece"),
        ("size", "more than 10 files"): Weight(1, None, "faults follow scattered changes more than long ones"),
        ("size", "more than 40 files"): Weight(2, None, "faults follow scattered changes more than long ones"),
        ("size", "not read"): Weight(3, MEDIUM, "what could not be read could not be judged"),
        ("size", "not assessed"): Weight(9, HIGH, "what breaks the assessment may have been made to"),
        ("public API", "added"): Weight(1, None, "what is public has to be kept"),
        ("public API", "extended"): Weight(2, None, "callers go on working; overriding methods may not"),
        ("public API", "changed"): Weight(3, None, "callers go on running, perhaps with another result"),
        ("public API", "broken"): Weight(5, MEDIUM, "callers stop working"),
        ("public API", "further breaks"): Weight(1, None, "each for three more broken names, at most four points"),
        ("public API", "not compared"): Weight(3, MEDIUM, "what does not parse may have lost anything"),
        ("changed lines covered by tests", "all"): Weight(0, None, "each ran in some test"),
        ("changed lines covered by tests", "1 to 9 not"): Weight(2, MEDIUM, "a fault there is seen by no test"),
        ("changed lines covered by tests", "10 to 29 not"): Weight(3, MEDIUM, "a fault there is seen by no test"),
        ("changed lines covered by tests", "30 to 99 not"): Weight(4, MEDIUM, "a fault there is seen by no test"),
        ("changed lines covered by tests", "100 or more not"): Weight(5, MEDIUM, "a fault there is seen by no test"),
        ("changed lines covered by tests", "unknown"): Weight(2, MEDIUM, "as much as some uncovered lines"),
        ("security findings", "info"): Weight(0, None, "worth a look"),
        ("security findings", "low"): Weight(1, None, "each, at most five points"),
        ("security findings", "medium"): Weight(4, MEDIUM, "each, at most eight points"),
        ("security findings", "high"): Weight(9, HIGH, "a way in for an attacker"),
        ("security findings", "critical"): Weight(16, CRITICAL, "a way in for anybody"),
        ("security findings", "brought back"): Weight(
            0, HIGH, "what was mended comes back: people decide whether that is the lesser evil"
        ),
        ("dangerous patterns", "info"): Weight(0, None, "worth a look"),
        ("dangerous patterns", "low"): Weight(1, None, "each, at most three points"),
        ("dangerous patterns", "medium"): Weight(3, MEDIUM, "each, at most six points"),
        ("dangerous patterns", "high"): Weight(5, MEDIUM, "each, at most ten points: more power for the code"),
        ("dangerous patterns", "critical"): Weight(9, HIGH, "power over the machine or over the review itself"),
        ("dangerous patterns", "brought back"): Weight(
            0, HIGH, "what was mended comes back: people decide whether that is the lesser evil"
        ),
        ("dependencies", "new source"): Weight(6, HIGH, "packages come from a place that served none before"),
        ("dependencies", "added"): Weight(4, MEDIUM, "code of others runs with the project's rights"),
        ("dependencies", "further added"): Weight(1, None, "each, at most four points"),
        ("dependencies", "locked"): Weight(1, None, "a dependency of dependencies is new"),
        ("dependencies", "removed"): Weight(1, None, "what still uses it breaks"),
        ("dependencies", "changed"): Weight(1, None, "other code than was tested with before"),
        ("weakened tests", "weakened"): Weight(4, MEDIUM, "a fault that they found passes unseen"),
        ("weakened tests", "three or more"): Weight(5, MEDIUM, "the tests follow the code instead of holding it"),
        ("weakened tests", "ten or more"): Weight(7, MEDIUM, "the tests follow the code instead of holding it"),
        ("weakened tests", "new expectations"): Weight(1, None, "the tests now say what the changed code does"),
        ("weakened tests", "not compared"): Weight(4, MEDIUM, "what does not parse may have lost any test"),
        ("hot spots", "none"): Weight(0, None, "the files were quiet lately"),
        ("hot spots", "churn"): Weight(1, None, "code that changes much relative to its size has more faults"),
        ("hot spots", "faults"): Weight(2, None, "where faults were mended lately more are found"),
        ("hot spots", "faults and churn"): Weight(3, None, "both together foretell best"),
        ("hot spots", "unknown"): Weight(1, None, "between a quiet file and a hot one"),
        ("stages", "failed"): Weight(6, MEDIUM, "the change is broken as it stands"),
        ("stages", "error"): Weight(4, MEDIUM, "the stage could not say that nothing is wrong"),
        ("stages", "skipped"): Weight(
            3, MEDIUM, "a skipped stage is not a passed one; of tests, what they cover is unknown too"
        ),
        ("stages", "untrusted"): Weight(6, MEDIUM, "somebody meddled with the outcomes, or the run was cut short"),
        ("stages", "weaker sandbox"): Weight(1, None, "its isolation is not the full one"),
        ("stages", "flaky"): Weight(3, MEDIUM, "what fails now and then may be the fault of the change"),
        ("stages", "new tests fail"): Weight(4, MEDIUM, "the change fails what it brings to hold itself"),
        ("stages", "tests skip now"): Weight(4, MEDIUM, "tests that ran before no longer do"),
        ("generator", "pre-approved fix"): Weight(0, None, "a fix pattern that is tried, and checked again"),
        ("generator", "person"): Weight(1, None, "its author answers for it"),
        ("generator", "dependency bot"): Weight(1, None, "made by rote"),
        ("generator", "fork"): Weight(2, None, "its author has no write access"),
        ("generator", "program"): Weight(3, MEDIUM, "generated code that no pattern vouches for"),
        ("generator", "record good"): Weight(0, None, "at least 95 % of such changes were kept"),
        ("generator", "record fair"): Weight(1, None, "at least 80 % of such changes were kept"),
        ("generator", "record poor"): Weight(4, MEDIUM, "more than one in five such changes was taken back"),
        ("generator", "record unknown"): Weight(1, None, "as a fair one"),
        ("policy", "SAFE"): Weight(0, None, "the repository's policy asks for it"),
        ("policy", "LOW_RISK"): Weight(1, LOW, "the repository's policy asks for it"),
        ("policy", "MEDIUM_RISK"): Weight(4, MEDIUM, "the repository's policy asks for it"),
        ("policy", "HIGH_RISK"): Weight(6, HIGH, "the repository's policy asks for it"),
        ("policy", "CRITICAL"): Weight(16, CRITICAL, "the repository's policy asks for it"),
    }
)
"""By factor and observation."""

EFFORT = (
    "changed lines covered by tests",
    "stages",
    "weakened tests",
    "security findings",
    "dangerous patterns",
    "paths",
    "size",
    "public API",
    "dependencies",
)
"""Factors that a proposer can do something about, the easiest first."""


def factor(
    name: str, case: str, seen: str, lower: str = "", *, times: int = 1, most: int | None = None, known: bool = True
) -> Factor:
    """The factor of one observation by the table; `times` multiplies its points, `most` caps them."""
    weight = TABLE[name, case]
    points = weight.points * times
    return Factor(name, seen, points if most is None else min(points, most), weight.floor, lower, known)
