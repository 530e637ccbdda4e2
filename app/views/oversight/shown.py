"""The orchestrator's review in words: Markdown for the gate's check run, lines for a terminal."""

from app.model.oversight import Oversight
from checks.reports.safe import for_markdown, for_markdown_code, for_terminal

TITLE = "The orchestrator's review"
MOST = 8
"""Sentences of a kind."""


def markdown(oversight: Oversight) -> str:
    """The verdict, what is unusual, what would make it safer."""
    said = [f"**{TITLE}** {for_markdown(oversight.said)}"]
    if oversight.unusual:
        said.append("Unusual here:\n" + _listed([for_markdown(each) for each in oversight.unusual]))
    if oversight.safer:
        ways = [
            for_markdown(each.how) + (f" {for_markdown_code(each.command)}" if each.command else "")
            for each in oversight.safer
        ]
        said.append("Safer:\n" + _listed(ways))
    return "\n\n".join(said)


def _listed(sentences: list[str]) -> str:
    more = len(sentences) - MOST
    return "\n".join(f"- {each}" for each in sentences[:MOST]) + (f"\n- and {more} more" if more > 0 else "")


def lines(oversight: Oversight) -> list[str]:
    """For a terminal, beneath the decision."""
    said = [f" {TITLE}: {for_terminal(oversight.said)}"]
    said += [f"  unusual  {for_terminal(each)}" for each in oversight.unusual[:MOST]]
    return said + [f"  safer    {for_terminal(each.how)}" for each in oversight.safer[:MOST]]
