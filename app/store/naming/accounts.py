"""The logins that accounts were seen with: whoever renames an account is the same person all the same."""

import time

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from app.store.connect import Store
from app.store.tables import AccountLogin
from app.store.text import key


def seen(store: Store, account: int, login: str) -> None:
    """Keeps that the account had this login. Raises Unavailable."""
    if login_of(store, account, login):
        return  # nearly always: reading makes nobody wait
    kind = postgresql if store.postgresql else sqlite
    row = {"account": account, "login": key(login), "seen": time.time()}
    put = kind.insert(AccountLogin).values(**row).on_conflict_do_nothing()
    store.main.write(lambda connection: connection.execute(put))


def login_of(store: Store, account: int, login: str) -> bool:
    """Whether the account was seen with this login. Raises Unavailable."""
    own = col(AccountLogin.account) == account, col(AccountLogin.login) == key(login)
    wanted = select(col(AccountLogin.account)).where(*own)
    return store.main.read(lambda connection: connection.execute(wanted).first()) is not None


def numbers(store: Store, login: str) -> frozenset[int]:
    """The accounts that were seen with this login. Raises Unavailable."""
    wanted = select(col(AccountLogin.account)).where(col(AccountLogin.login) == key(login))
    return frozenset(store.main.read(lambda connection: connection.execute(wanted).scalars().all()))


def names(store: Store, login: str, account: int = 0) -> frozenset[str]:
    """All logins, in lower case, of the account; where that is not known (0) of every account that had this login. The
    login itself is always among them. Raises Unavailable."""
    table = AccountLogin
    had = select(col(table.account)).where(col(table.login) == key(login)).scalar_subquery()
    whose = col(table.account) == account if account else col(table.account).in_(had)
    rows = store.main.read(lambda connection: connection.execute(select(col(table.login)).where(whose)).all())
    return frozenset({key(login), *(row.login for row in rows)})
