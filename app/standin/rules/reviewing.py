"""Reviews as they come, go stale and are dismissed; and their webhooks."""

from app.standin import events
from app.standin.rules.required import dismisses_stale
from app.standin.shapes import pulls, reviews
from app.standin.state import Account, Pull, Review, World


def submit(world: World, pull: Pull, author: Account, state: str, body: str, commit: str) -> Review:
    """A review that is finished at once. Whoever was asked for one is so no longer."""
    made = world.new(Review, pull=pull, author=author, state=state, body=body, commit=commit, submitted=world.now())
    pull.reviews.append(made)
    publish(world, made)
    return made


def publish(world: World, review: Review) -> None:
    """What follows a review that everybody sees from now on."""
    pull = review.pull
    pull.issue.updated = world.now()
    if review.author in pull.requested:
        pull.requested.remove(review.author)
    tell(world, review, "submitted", review.author)


def dismiss(world: World, review: Review, by: Account) -> None:
    review.state = "DISMISSED"
    review.pull.issue.updated = world.now()
    tell(world, review, "dismissed", by)


def tell(world: World, review: Review, action: str, by: Account) -> None:
    """The event `pull_request_review`: `submitted`, `edited` or `dismissed`."""
    pull = review.pull
    payload = {"action": action, "review": reviews.hooked(world, review), "pull_request": pulls.simple(world, pull)}
    events.emit(world, "pull_request_review", review, payload, pull.repository, by)


def watch(world: World, event: str, subject: object) -> None:
    """A push voids the approvals of what was there before, where the base wants that; requested changes stay."""
    if event != "pull_request.synchronize" or not isinstance(subject, Pull):
        return
    if dismisses_stale(subject.repository, subject.base_ref):
        for review in subject.reviews:
            if review.state == "APPROVED" and review.commit != subject.head:
                dismiss(world, review, subject.pushed_by or subject.author)
