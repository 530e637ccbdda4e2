"""The merge queue merges what its checks let in."""

import pytest

from tests.app.standin.acting import SHOP, Acting


@pytest.mark.parametrize(
    ("conclusion", "merged", "stays"), [("success", True, False), ("failure", False, False), ("", False, True)]
)
def test_a_group_goes_as_its_checks_say(acting: Acting, conclusion: str, merged: bool, stays: bool) -> None:
    app, pull = acting.app(), acting.pull()
    acting.protect(
        required_status_checks={
            "strict": False,
            "contexts": [],
            "checks": [{"context": "selfmod/gate", "app_id": app.app_id}],
        }
    )
    assert not acting.github.finish_queue(SHOP, pull.number)
    group = acting.github.queue(SHOP, pull.number, by="ann")
    if conclusion:
        body = {"name": "selfmod/gate", "head_sha": group, "status": "completed", "conclusion": conclusion}
        assert acting.ask(acting.token(app), "POST", "check-runs", body).status_code == 201
    assert acting.github.finish_queue(SHOP, pull.number) is merged
    assert (pull.merged is not None, pull in pull.repository.queue.values()) == (merged, stays)
    assert (pull.repository.git.tip("main") == group) is merged
    reasons = [each.action for each in acting.github.deliveries(app) if each.event == "merge_group"]
    assert reasons == ["checks_requested", *([] if stays else ["destroyed"])]
