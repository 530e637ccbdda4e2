"""The verb `review`: a pull request's head is judged and reported."""

from app.workflows.landing import land
from app.workflows.reviewing import judging, overseeing, reports
from app.workflows.reviewing.config import report_config
from app.workflows.reviewing.subject import look, unless_refused
from app.workflows.steps import Step

STEPS: tuple[Step, ...] = (
    Step("look", look),
    Step("begin", reports.begin),
    Step("config", report_config),
    Step("judge", judging.judge_pull, alone=False),
    Step("oversee", unless_refused(overseeing.review)),
    Step("report_validation", reports.report_validation),
    Step("report_sandbox", reports.report_sandbox),
    Step("report_gate", reports.report_gate),
    Step("labels", unless_refused(reports.paint)),
    Step("comment", unless_refused(reports.comment)),
    Step("reviewers", unless_refused(reports.ask_reviewers)),
    Step("audit", reports.write_down),
    Step("land", unless_refused(land)),
)
FAILED = Step("failed", reports.fail)
"""For a job that failed for good: the check runs say so."""
