"""Reviews of pull requests.

Source: https://docs.github.com/en/rest/pulls/reviews"""

from app.standin.routing import Answer, Call, Problem, Route, forbidden, gone
from app.standin.rules import reviewing
from app.standin.shapes import reviews as shapes
from app.standin.state import ROLES, Pull, Review

STATES = {"APPROVE": "APPROVED", "REQUEST_CHANGES": "CHANGES_REQUESTED", "COMMENT": "COMMENTED"}


def index(call: Call) -> Answer:
    """In the order in which they were made; a pending one is seen by its author only."""
    seen = [review for review in call.pull().reviews if review.state != "PENDING" or _own(call, review)]
    return call.paged(seen, lambda each: shapes.review(call.world, each))


def get(call: Call) -> Answer:
    return Answer(shapes.review(call.world, _found(call)))


def create(call: Call) -> Answer:
    """Without an `event` it stays pending until it is submitted."""
    pull, commit = call.pull(), call.body.get("commit_id")
    if commit is not None and commit not in _commits(pull):
        raise Problem(422, "Unprocessable Entity", ["The given commit_id is not part of the pull request"])
    event, body = call.body.get("event"), call.body.get("body") or ""
    if event is None:
        review = call.world.new(
            Review, pull=pull, author=call.actor, state="PENDING", body=body, commit=commit or pull.head, submitted=None
        )
        pull.reviews.append(review)
        return Answer(shapes.review(call.world, review))
    state = _state(call, pull, event, body)
    return Answer(
        shapes.review(call.world, reviewing.submit(call.world, pull, call.actor, state, body, commit or pull.head))
    )


def submit(call: Call) -> Answer:
    """Finishes a pending one."""
    review = _found(call)
    if review.state != "PENDING":
        raise Problem(422, "Unprocessable Entity", ["Could not submit a review that is not pending"])
    body = call.body.get("body") or review.body
    review.state = _state(call, review.pull, call.body.get("event"), body)
    review.body, review.submitted = body, call.world.now()
    reviewing.publish(call.world, review)
    return Answer(shapes.review(call.world, review))


def dismiss(call: Call) -> Answer:
    review = _found(call)
    if not call.body.get("message"):
        raise Problem(422, 'Invalid request.\n\n"message" wasn\'t supplied.')
    if review.state not in {"APPROVED", "CHANGES_REQUESTED"}:
        raise Problem(422, "Unprocessable Entity", [f"Can not dismiss a {review.state.lower()} pull request review"])
    if call.app is None and ROLES.index(call.world.role(call.repository, call.login)) < ROLES.index("write"):
        raise forbidden("Must have write access to dismiss a review.")
    reviewing.dismiss(call.world, review, call.actor)
    return Answer(shapes.review(call.world, review))


def _found(call: Call) -> Review:
    number = call.number("review_id")
    found = next((each for each in call.pull().reviews if each.id == number), None)
    if found is None or (found.state == "PENDING" and not _own(call, found)):
        raise gone()
    return found


def _own(call: Call, review: Review) -> bool:
    return review.author is call.caller.account


def _state(call: Call, pull: Pull, event: object, body: str) -> str:
    """The state that an `event` makes, or 422: the author of a pull request may only comment on it."""
    if not isinstance(event, str) or event not in STATES:
        raise Problem(422, "Unprocessable Entity", [f"Variable $event of type PullRequestReviewEvent was {event!r}"])
    if call.actor is pull.author and event != "COMMENT":
        word = "approve your" if event == "APPROVE" else "request changes on your"
        raise Problem(422, "Unprocessable Entity", [f"Can not {word} own pull request"])
    if event != "APPROVE" and not body:
        raise Problem(422, "Unprocessable Entity", ["Body can't be blank"])
    return STATES[event]


def _commits(pull: Pull) -> list[str]:
    return pull.repository.git.log(pull.head, pull.base_sha)


_PATH = "/repos/{owner}/{repo}/pulls/{number}/reviews"
_ONE = f"{_PATH}/{{review_id}}"

ROUTES = (
    Route("GET", _PATH, "pull_requests:read", index),
    Route("POST", _PATH, "pull_requests:write", create, body=("commit_id", "body", "event", "comments"), role="read"),
    Route("GET", _ONE, "pull_requests:read", get),
    Route("POST", f"{_ONE}/events", "pull_requests:write", submit, body=("body", "event"), role="read"),
    Route("PUT", f"{_ONE}/dismissals", "pull_requests:write", dismiss, body=("message", "event"), role="read"),
)
