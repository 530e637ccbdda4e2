"""`make benchmark`: `selfmod review` beside bandit and ruff. The table is the result: no time is asserted."""

import pytest

from tests.benchmarks.measure import measured
from tests.benchmarks.table import render
from tests.complete.sdists import Package

PACKAGES = (Package("requests", "2.32.5"), Package("werkzeug", "3.1.3"), Package("celery", "5.6.2"))


@pytest.mark.benchmark
@pytest.mark.timeout(1800)
def test_review_beside_bandit_and_ruff() -> None:
    results = [measured(package) for package in PACKAGES]
    print(f"\n{render(results)}")
    for result in results:
        assert all(result.found.values()), f"a tool found nothing in {result.package}: {result.found}"
        assert 5_000 <= result.lines <= 100_000
