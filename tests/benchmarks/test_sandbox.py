"""`make benchmark`: the sandbox beside the bare run of three real suites. The table is the result."""

import pytest

from tests.benchmarks.suites import Suite, measured, render, starts
from tests.complete.sdists import Package

SUITES = (
    Suite(
        Package("streamlink", "8.6.3"),
        ("freezegun", "requests-mock", "pytest-asyncio", "pytest-trio"),
        ("tests",),
    ),
    Suite(Package("pyramid", "2.1"), ("webtest", "zope.component", "setuptools<81"), ("tests",)),
    Suite(
        Package("networkx", "3.7"),
        (),
        ("networkx/classes", "networkx/utils", "networkx/readwrite", "networkx/generators"),
        source=".",
    ),
)


@pytest.mark.benchmark
@pytest.mark.timeout(1800)
def test_the_sandbox_beside_the_bare_run() -> None:
    results = [measured(suite) for suite in SUITES]
    print(f"\n{render(results, starts())}")
    for result in results:
        bare, inside = result.passed
        assert inside > 0.98 * bare, f"{result.suite.package}: {inside} of {bare} tests pass in the sandbox"
