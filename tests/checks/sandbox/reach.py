"""Whether an ordinary user may read the sources: some tests are run by root and let one do a part of the work."""

import os
import stat
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def skip_where_closed() -> None:
    """Skips the test where root's checkout lies in a folder that nobody else may enter."""
    closed = next((each for each in (ROOT, *ROOT.parents) if not each.stat().st_mode & stat.S_IXOTH), None)
    if os.geteuid() == 0 and closed is not None:
        pytest.skip(f"NOT TRIED: an ordinary user may not enter {closed}, where the sources lie")
