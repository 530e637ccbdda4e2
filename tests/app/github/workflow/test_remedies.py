"""What a job lacks, in words."""

import pytest

from app.github.faults import Rejected
from app.github.workflow.remedies import ALLOW, remedied

NOT_ACCESSIBLE = "Resource not accessible by integration"


@pytest.mark.parametrize(
    ("status", "said", "purpose", "hint"),
    [
        (403, NOT_ACCESSIBLE, "check runs: write", "Give the job permissions: checks: write."),
        (403, NOT_ACCESSIBLE, "merge", "contents: write, pull-requests: write."),
        (422, NOT_ACCESSIBLE, "pull requests: write", "pull-requests: write."),
        (403, "GitHub Actions is not permitted to create or approve pull requests.", "pull requests: write", ALLOW),
        (401, "Bad credentials", "people", "The token is not valid any more"),
        (422, "Validation Failed", "pull requests: write", "as it was"),
    ],
)
def test_the_remedy(status: int, said: str, purpose: str, hint: str) -> None:
    made = remedied(Rejected(status, said, "refused", "as it was"), purpose)
    assert hint in made.hint
    assert (made.status, made.said, made.reason) == (status, said, "refused")
