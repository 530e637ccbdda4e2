"""`make benchmark`: answers to webhooks while a job runs. The table is the result."""

import pytest

from tests.benchmarks.webhooks import main


@pytest.mark.benchmark
@pytest.mark.timeout(900)
def test_answers_while_a_job_runs() -> None:
    print()
    main()
