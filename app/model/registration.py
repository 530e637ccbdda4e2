"""What the App asks GitHub for when it is registered: the least that its work needs, each with why.

Names are GitHub's: https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps and
https://docs.github.com/en/webhooks/webhook-events-and-payloads."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Permission:
    """`access` is `read` or `write` (which includes reading); `why` ends the sentence "to …"."""

    name: str
    access: str
    why: str

    @property
    def title(self) -> str:
        """As GitHub's pages spell it: `Pull requests`."""
        return self.name.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Event:
    """A webhook; `why` ends the sentence "to …"."""

    name: str
    why: str


PERMISSIONS = (
    Permission("checks", "write", "report the gate, the validation and the sandbox as check runs"),
    Permission("contents", "write", "read the code of a pull request, and push branches of its own with fixes"),
    Permission("issues", "write", "answer commands in issues, and make its labels"),
    Permission("members", "read", "know who is in a team whose approval a rule asks for"),
    Permission(
        "merge_queues", "write", "hear when a merge queue wants its group checked, and take out of it what is stopped"
    ),
    Permission("metadata", "read", "know a repository and its rules; GitHub asks it of every App"),
    Permission("pull_requests", "write", "read reviews, label, comment, ask reviewers, open pull requests"),
)
EVENTS = (
    Event("check_run", "run a check again, and obey its buttons"),
    Event("check_suite", "run all checks again"),
    Event("issue_comment", "read commands: a line that begins with /selfmod"),
    Event("merge_group", "check what a merge queue is about to merge"),
    Event("pull_request", "judge a pull request when it is opened or pushed to"),
    Event("pull_request_review", "count approvals"),
    Event("push", "judge pull requests anew when the configuration or the code owners of their target changed"),
)
NOT_ASKED = (
    "No administration, secrets, workflows or Actions: protection rules are set by an explicit command with a person's "
    "own token, and workflow files cannot be changed at all."
)
