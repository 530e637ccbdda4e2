"""Who may go on with a set-up, and for how long."""

from app.dashboard.pending import MOST_STATES, STATE_SECONDS, Pending


def test_the_token_opens_once():
    pending: Pending[object] = Pending("token")
    assert pending.enter("other") is None
    assert pending.enter("") is None
    session = pending.enter("token")
    assert session is not None
    assert pending.enter("token") is None
    assert pending.is_in(session)
    assert not pending.is_in("") and not pending.is_in(session[:-1]) and not pending.is_in("é\ud800")


def test_without_a_token_nobody_comes_in():
    pending: Pending[object] = Pending("")
    assert pending.enter("") is None
    assert not pending.is_in("")


def test_a_state_is_taken_once_and_within_its_time():
    now = [0.0]
    pending: Pending[object] = Pending("token", lambda: now[0])
    state, late = pending.new_state(), pending.new_state()
    assert pending.take(state)
    assert not pending.take(state)
    pending.give_back(state)
    assert pending.take(state)
    now[0] = STATE_SECONDS + 1
    assert not pending.take(late)
    assert not pending.take("é") and not pending.take("")


def test_old_states_make_room():
    pending: Pending[object] = Pending("token")
    states = [pending.new_state() for _ in range(MOST_STATES + 1)]
    assert not pending.take(states[0])
    assert all(pending.take(each) for each in states[1:])
