"""The steps of the walk, in order. A new one is a function, and a line here."""

from app.cli.showing import agreeing, asking
from app.cli.showing.walk import Step

STEPS = (
    Step("report", "A pull request brings a fault, and selfmod reports it", asking.report),
    Step("ask", "Somebody asks for a fix, and selfmod opens pull requests", asking.ask),
    Step("judged", "They go down the same line as everybody's", asking.judged),
    Step("automatic", "What is SAFE or LOW_RISK is merged by itself", agreeing.automatic),
    Step("moved", "The open ones are made anew where their base moved", agreeing.moved),
    Step("requester", "Who asked does not approve it", agreeing.requester),
    Step("stop", "An emergency stop holds what is about to be merged", agreeing.stop),
    Step("approved", "Somebody else approves it, and it is merged by hand", agreeing.approved),
    Step("rollback", "A comment takes it back", agreeing.rollback),
)
