"""A few of each scenario; `python -m tests.faults.whole_app` tries all of them."""

from pathlib import Path

import pytest

from tests.faults.whole_app.__main__ import PARTS


@pytest.mark.benchmark  # minutes of real processes: for a quiet machine
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("database", PARTS)
def test_one_of_everything_whatever_goes_wrong(database: str, tmp_path: Path) -> None:
    for tally in PARTS[database](tmp_path, True):
        assert tally.tried
        assert tally.broken == [], tally.name
