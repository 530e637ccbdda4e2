"""Times of a schedule, as cron(5) has them: `minute hour day month weekday`, in UTC."""

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

OFTENEST = 5
"""Minutes between two times at least, as GitHub has it for workflows."""
_MONTHS = tuple(name.lower() for name in calendar.month_abbr)  # the first is empty: January is 1
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


@dataclass(frozen=True, slots=True)
class Field:
    """One of the five: its name, its bounds, and words for its numbers."""

    name: str
    least: int
    most: int
    words: tuple[str, ...] = ()


FIELDS = (
    Field("minute", 0, 59),
    Field("hour", 0, 23),
    Field("day", 1, 31),
    Field("month", 1, 12, _MONTHS),
    Field("weekday", 0, 7, _DAYS),
)


@dataclass(frozen=True, slots=True)
class Cron:
    """The minutes, hours, days and so on that fit; Sunday is 0. `either`: both days and weekdays are restricted, and a
    day fits where one of them does, as cron(5) says."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either: bool

    def fits(self, moment: datetime) -> bool:
        """Whether a moment (aware; seconds do not count) is one of the schedule's."""
        moment = moment.astimezone(UTC)
        return moment.minute in self.minutes and moment.hour in self.hours and self._day(moment)

    def after(self, moment: datetime) -> datetime | None:
        """The first time of the schedule after a moment (aware), in UTC; None where there is none in nine years."""
        start = moment.astimezone(UTC).replace(second=0, microsecond=0) + timedelta(minutes=1)
        day = start.replace(hour=0, minute=0)
        for _ in range(9 * 366):  # 29 February may be eight years away
            if self._day(day):
                for hour in sorted(self.hours):
                    for minute in sorted(self.minutes):
                        found = day.replace(hour=hour, minute=minute)
                        if found >= start:
                            return found
            day += timedelta(days=1)
        return None

    def _day(self, moment: datetime) -> bool:
        in_month = moment.day in self.days
        in_week = moment.isoweekday() % 7 in self.weekdays
        return moment.month in self.months and ((in_month or in_week) if self.either else (in_month and in_week))


def read(text: str) -> Cron:
    """The schedule of five fields. Raises ValueError with the field and why, in words for a person."""
    parts = text.split()
    if text.startswith("@"):
        raise ValueError("write the five fields, such as '0 4 * * *' for every day at 4:00")
    if len(parts) != len(FIELDS):
        raise ValueError(f"a schedule has 5 fields (minute hour day month weekday); here are {len(parts)}")
    minutes, hours, days, months, weekdays = (
        _field(field, part.lower()) for field, part in zip(FIELDS, parts, strict=True)
    )
    either = not parts[2].startswith("*") and not parts[4].startswith("*")
    found = Cron(minutes, hours, days, months, frozenset(day % 7 for day in weekdays), either)
    if not either and not any(day <= _longest(month) for month in months for day in days):
        raise ValueError(f"no month of these has a day {min(days)}")
    if _closest(found) < OFTENEST:
        raise ValueError(f"this is more often than every {OFTENEST} minutes")
    return found


def _field(field: Field, text: str) -> frozenset[int]:
    found: set[int] = set()
    for part in text.split(","):
        match = re.fullmatch(r"(?:(\*)|([0-9]{1,3}|[a-z]{3})(?:-([0-9]{1,3}|[a-z]{3}))?)(?:/([0-9]{1,3}))?", part)
        if match is None:
            raise ValueError(f"{field.name}: {part[:30]!r} is not a number, a range such as 1-5, a list or '*'")
        star, first, last, step = match.groups()
        begin = field.least if star else _number(field, first)
        # `5/15` is from 5 on, every 15
        end = field.most if star or (step and not last) else _number(field, last or first)
        if begin > end:
            raise ValueError(f"{field.name}: the range {part!r} ends before it begins")
        if step is not None and not 1 <= int(step) <= field.most:
            raise ValueError(f"{field.name}: a step is from 1 to {field.most}")
        found.update(range(begin, end + 1, int(step or 1)))
    return frozenset(found)


def _number(field: Field, text: str) -> int:
    number = field.words.index(text) if text in field.words else int(text) if text.isdecimal() else None
    if number is None or not field.least <= number <= field.most:
        raise ValueError(f"{field.name}: {text!r} is not from {field.least} to {field.most}")
    return number


def _longest(month: int) -> int:
    return calendar.monthrange(2024, month)[1]  # a leap year


def _closest(cron: Cron) -> int:
    """The fewest minutes between two times."""
    minutes = sorted(cron.minutes)
    gaps = [later - earlier for earlier, later in pairwise(minutes)]
    # the next day follows the last hour; that it may be another weekday is not looked at
    if any((hour + 1) % 24 in cron.hours for hour in cron.hours):
        gaps.append(60 - minutes[-1] + minutes[0])
    return min(gaps, default=60)
