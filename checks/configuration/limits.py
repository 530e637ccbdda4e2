"""How much selfmod may do, and when it begins by itself."""

from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Field, WithJsonSchema

from checks.configuration import cron
from checks.model.section import Section, whole


class LimitSettings(Section):
    """Bounds on what selfmod does by itself. The server's own are never exceeded, whatever stands here."""

    EXAMPLE: ClassVar[str] = """\
limits:
  open_pull_requests: 3
  files: 10                  # a change of selfmod's own; larger ones are split or refused
  model_tokens: 200000       # a day
"""
    open_pull_requests: int = whole(5, 1, 100, "Open pull requests of selfmod's own at the same time.")
    per_hour: int = whole(10, 1, 100, "Pull requests that selfmod opens in an hour.")
    files: int = whole(50, 1, 1000, "Files that one change of selfmod's own may touch.")
    lines: int = whole(1000, 1, 100_000, "Lines that one change of selfmod's own may add and remove.")
    jobs: int = whole(200, 1, 10_000, "Jobs that are begun in a day.")
    minutes: int = whole(240, 1, 10_000, "Minutes that all jobs of a day may take together.")
    model_tokens: int = whole(1_000_000, 0, 1_000_000_000, "Tokens of the language model in a day; 0: it is not asked.")


def _cron(text: str) -> str:
    cron.read(text)
    return text


type Schedule = Annotated[
    str, Field(max_length=200), AfterValidator(_cron), WithJsonSchema({"type": "string", "pattern": r"^\S+( +\S+){4}$"})
]


def _schedule(what: str) -> Any:
    return Field(default=None, description=f"When {what}: minute, hour, day, month and weekday, in UTC.")


class ScheduleSettings(Section):
    """When selfmod begins by itself, as cron has it (`minute hour day month weekday`, UTC). Without an entry, never."""

    EXAMPLE: ClassVar[str] = """\
schedules:
  fix: "30 4 * * mon"        # in quotes: for YAML a '*' is something else
  health: "0 6 1 * *"
"""
    fix: Schedule | None = _schedule("faults are looked for and fixes are proposed")
    test: Schedule | None = _schedule("tests are written for what has none")
    health: Schedule | None = _schedule("the health of the repository is measured")
