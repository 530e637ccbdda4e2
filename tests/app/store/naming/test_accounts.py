"""Whose login it is, and was."""

import tempfile
from contextlib import closing
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from app.store.connect import Store
from app.store.naming import accounts
from tests.app import stores


def test_who_renames_an_account_is_known_by_both_names(store: Store) -> None:
    accounts.seen(store, 7, "Bob")
    accounts.seen(store, 7, "bob")
    accounts.seen(store, 7, "robert")
    accounts.seen(store, 8, "ann")
    assert accounts.names(store, "ROBERT", 7) == accounts.names(store, "bob") == {"bob", "robert"}
    assert accounts.names(store, "bobby", 7) == {"bob", "robert", "bobby"}
    assert accounts.names(store, "ann", 8) == {"ann"}
    assert accounts.names(store, "nobody") == {"nobody"}


def test_a_login_that_became_another_accounts(store: Store) -> None:
    accounts.seen(store, 7, "bob")
    accounts.seen(store, 7, "robert")
    accounts.seen(store, 9, "bob")
    assert accounts.names(store, "bob", 9) == {"bob"}
    # whose it is is not told: it may be either's
    assert accounts.names(store, "bob") == {"bob", "robert"}


LOGINS = st.lists(st.tuples(st.integers(1, 3), st.sampled_from(["ann", "Bob", "cyd", "'; drop", "\N{SNOWMAN}"])))


@given(LOGINS)
def test_names_are_those_that_were_seen(told: list[tuple[int, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder, closing(stores.store(Path(folder))) as store:
        for account, login in told:
            accounts.seen(store, account, login)
        for account, login in told:
            own = {name.casefold() for number, name in told if number == account}
            assert accounts.names(store, login, account) == own
