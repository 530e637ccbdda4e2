import sqlite3
from contextlib import closing
from typing import Any

import pytest

from checks.debugging.rules.injection.sql_built_by_formatting import RULE
from tests.rulecases import check_fixed, check_left, check_silent, fixed, found

SEVERITIES = [
    ("import sqlite3\nc = sqlite3.connect(p)\nc.execute(f'SELECT * FROM t WHERE a = {x}')\n", "high"),
    ("c.execute(f'SELECT * FROM t WHERE a = {x}')\n", "medium"),
    ("c.execute(f'SELECT * FROM {t}')\n", "low"),
]

START = "import sqlite3\ncon = sqlite3.connect(p)\ncur = con.cursor()\n"

FIXED_AFTER_START = [
    (
        "name = input()\ncur.execute(f\"SELECT * FROM t WHERE a = '{name}'\", )",
        'name = input()\ncur.execute("SELECT * FROM t WHERE a = ?", (name,), )',
    ),
    ('cur.execute(f"SELECT * FROM t WHERE id = {user_id}")', 'cur.execute("SELECT * FROM t WHERE id = ?", (user_id,))'),
    (
        "cur.execute(f\"SELECT * FROM t WHERE name = '{name}' AND id={user_id}\")",
        'cur.execute("SELECT * FROM t WHERE name = ? AND id=?", (str(name), user_id))',
    ),
    (
        "def f(name: str, n: int):\n    cur.execute(f\"SELECT * FROM t WHERE a = {n} AND b = '{name}'\")",
        'def f(name: str, n: int):\n    cur.execute("SELECT * FROM t WHERE a = ? AND b = ?", (n, name))',
    ),
    (
        "con.execute('SELECT * FROM t WHERE a = \"{}\" AND id > {}'.format(name, n))",
        "con.execute('SELECT * FROM t WHERE a = ? AND id > ?', (str(name), n))",
    ),
    (
        "cur.execute(\"INSERT INTO t (a, b) VALUES ('%s', %s)\" % (a, b))",
        'cur.execute("INSERT INTO t (a, b) VALUES (?, ?)", (str(a), b))',
    ),
    (
        'cur.execute("DELETE FROM t WHERE a = \'" + a + "\' AND b = " + str(b))',
        'cur.execute("DELETE FROM t WHERE a = ? AND b = ?", (a, b))',
    ),
    (
        "query = f\"UPDATE t SET a = '{a}' WHERE b = {b}\"\ncur.execute(query)",
        'query = "UPDATE t SET a = ? WHERE b = ?"\ncur.execute(query, (str(a), b))',
    ),
    (
        "TABLE = 't'\ncur.execute(f\"SELECT * FROM {TABLE} WHERE b = {b}\")",
        "TABLE = 't'\ncur.execute(f\"SELECT * FROM {TABLE} WHERE b = ?\", (b,))",
    ),
    (
        'rows = cur.execute(\n    f"SELECT * FROM t "\n    f"WHERE é LIKE \'{word}\' LIMIT {n}",\n)',
        'rows = cur.execute(\n    "SELECT * FROM t "\n    "WHERE é LIKE ? LIMIT ?",\n    (str(word), n),\n)',
    ),
    (
        "cur.execute(fr\"SELECT * FROM t WHERE a = {d['k']}\")",
        "cur.execute(r\"SELECT * FROM t WHERE a = ?\", (d['k'],))",
    ),
]

FIXED = [
    (
        (
            "import sqlite3\n"
            "from contextlib import closing\n"
            "with closing(sqlite3.connect(p)) as con:\n"
            '    con.execute(f"SELECT * FROM t WHERE a = {x}")\n'
        ),
        (
            "import sqlite3\n"
            "from contextlib import closing\n"
            "with closing(sqlite3.connect(p)) as con:\n"
            '    con.execute("SELECT * FROM t WHERE a = ?", (x,))\n'
        ),
    ),
    (
        (
            "import sqlite3\n"
            "class A:\n"
            "    def __init__(self):\n"
            "        self.con = None\n"
            "        self.cur: sqlite3.Cursor = sqlite3.connect(p).cursor()\n"
            "    def f(self, x):\n"
            "        self.cur.execute('SELECT * FROM t WHERE a = {}'.format(x))\n"
        ),
        (
            "import sqlite3\n"
            "class A:\n"
            "    def __init__(self):\n"
            "        self.con = None\n"
            "        self.cur: sqlite3.Cursor = sqlite3.connect(p).cursor()\n"
            "    def f(self, x):\n"
            "        self.cur.execute('SELECT * FROM t WHERE a = ?', (x,))\n"
        ),
    ),
    (
        (
            "import sqlite3\n"
            "def f(cur: sqlite3.Cursor, x):\n"
            "    q = 'DELETE FROM t WHERE a = %s' % str(x)\n"
            "    return cur.execute(q)\n"
        ),
        (
            "import sqlite3\n"
            "def f(cur: sqlite3.Cursor, x):\n"
            "    q = 'DELETE FROM t WHERE a = ?'\n"
            "    return cur.execute(q, (x,))\n"
        ),
    ),
    (
        (
            "import psycopg2\n"
            "con = psycopg2.connect(d)\n"
            "def f(name: str):\n"
            "    with con.cursor() as cur:\n"
            "        cur.execute(f\"SELECT 1 FROM t WHERE a = '{name}'\")\n"
        ),
        (
            "import psycopg2\n"
            "con = psycopg2.connect(d)\n"
            "def f(name: str):\n"
            "    with con.cursor() as cur:\n"
            '        cur.execute("SELECT 1 FROM t WHERE a = %s", (name,))\n'
        ),
    ),
    (
        (
            "import pymysql\n"
            "\n"
            "class A:\n"
            "    def __init__(self):\n"
            "        self.con = pymysql.connect()\n"
            "\n"
            "    def f(self, x):\n"
            "        cur = self.con.cursor()\n"
            '        cur.execute("SELECT * FROM t WHERE a = %s" % str(x))\n'
        ),
        (
            "import pymysql\n"
            "\n"
            "class A:\n"
            "    def __init__(self):\n"
            "        self.con = pymysql.connect()\n"
            "\n"
            "    def f(self, x):\n"
            "        cur = self.con.cursor()\n"
            '        cur.execute("SELECT * FROM t WHERE a = %s", (x,))\n'
        ),
    ),
    (
        (
            "import sqlite3\n"
            "def f(con: sqlite3.Connection, x):\n"
            "    return con.execute(f'SELECT * FROM t WHERE a BETWEEN {x.low} AND {x.high}').fetchall()\n"
        ),
        (
            "import sqlite3\n"
            "def f(con: sqlite3.Connection, x):\n"
            "    return con.execute('SELECT * FROM t WHERE a BETWEEN ? AND ?', (x.low, x.high)).fetchall()\n"
        ),
    ),
]

SILENT_AFTER_START = [
    'cur.execute("SELECT * FROM t WHERE id = ?", (x,))',
    'cur.execute("SELECT * FROM t WHERE id = %d" % x)',
    'cur.execute(f"SELECT * FROM t WHERE id = {int(x)}")',
    'TABLE = "t"\ncur.execute(f"SELECT * FROM {TABLE}")',
    "cur.execute(f\"SELECT * FROM t WHERE id IN ({', '.join('?' * len(ids))})\", ids)",
    'marks = ",".join(["?"] * n)\ncur.execute(f"SELECT * FROM t WHERE id IN ({marks})", ids)',
    'where = ""\nif x:\n    where = "WHERE a = ?"\ncur.execute(f"SELECT * FROM t {where}", (x,))',
    'for table in ("a", "b"):\n    cur.execute(f"DELETE FROM {table}")',
    'def f(n: int):\n    cur.execute(f"SELECT * FROM t LIMIT {n}")',
    'cur.execute(f"SELECT * FROM {quote_identifier(t)}")',
    'cur.execute("SELECT 1" " FROM t")',
    'cur.execute(f"PRAGMA user_version = {v}")',
    'cur.execute("UPDATE t SET a = 1 WHERE b = 2" + "")',
]

SILENT = [
    'robot.execute(f"walk to {place}")\n',
    'log.info(f"SELECT * FROM t WHERE a = {x}")\n',
    'text = f"SELECT * FROM t WHERE a = {x}"\nprint(text)\n',
    'page.execute(f"{x} and press return")\n',
    'label = f"Select one of {n}"\n',
    'from psycopg2 import sql\ncur.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(t)))\n',
]

LEFT_AFTER_START = [
    "def f(name: str, n: int):\n    cur.execute(f\"SELECT * FROM t WHERE b = '{name}' AND a = {n:05d}\")",
    'cur.execute(f"SELECT * FROM t WHERE a = {make_sql()}")',
    "cur.execute(f\"SELECT * FROM t WHERE a = {row['column']}\")",
    'cur.execute(f"SELECT * FROM t WHERE a = {self.field}")',
    'x = f() if y else "b"\ncur.execute(f"SELECT * FROM t WHERE a = {x}")',
    'cur.execute(f"SELECT * FROM t WHERE a = {-x}")',
    'q: str = f"SELECT * FROM t WHERE a = {x}"\ncur.execute(q)',
    "str = repr\ncur.execute(f\"SELECT * FROM t WHERE a = '{x}'\")",
    "cur.execute(f\"SELECT * FROM t WHERE a = '{x}' AND b = '{{}}'\")",
    "cur.execute(f'SELECT * FROM t WHERE a = \\'{x}\\'')",
    'cur.execute("SELECT * FROM t WHERE a = %s AND b = %s" % (x, 1))',
    'def f(self):\n    self.cur = make()\n    self.cur.execute(f"SELECT * FROM t WHERE a = {x}")',
    "cur.execute(f\"SELECT * FROM t WHERE a = {x} AND b = '?'\")",
    'cur.execute("SELECT * FROM t WHERE a = {}"  # what\n    .format(x))',
    'def f(con):\n    con.execute(f"SELECT * FROM t WHERE a = {x}")',
    'cur.execute(f"SELECT * FROM {table}")',
    "cur.execute(f\"SELECT * FROM t WHERE name LIKE '%{name}%'\")",
    'cur.execute(f"SELECT * FROM t WHERE id IN ({ids})")',
    'cur.execute(f"SELECT * FROM t WHERE {column} = {x}")',
    'cur.execute(f"SELECT * FROM t WHERE a = {x} AND b = ?", (y,))',
    "cur.execute(\"SELECT * FROM t WHERE a = '%s'\" % x)",
    'cur.executescript(f"DELETE FROM t WHERE a = {x}")',
    'cur.execute(f"SELECT * FROM t WHERE a = {x}; DELETE FROM t")',
    'q = f"SELECT * FROM t WHERE a = {x}"\nprint(x)\ncur.execute(q)',
    'q = f"SELECT * FROM t WHERE a = {x}"\ncur.execute(q)\nprint(q)',
    'q = "SELECT * FROM t"\nif x:\n    q += f" WHERE a = \'{x}\'"\ncur.execute(q)',
    'cur.execute("SELECT * FROM t WHERE a = " + x)',
    "cur.execute(f\"SELECT * FROM t WHERE a = '{x!r}'\")",
    'cur.execute(f"SELECT * FROM t JOIN u ON t.a = {x}")',
    'n = name.replace("\'", "\'\'")\ncur.execute(f"SELECT * FROM t WHERE a = \'{n}\'")',
    'cur.execute(f"SELECT * FROM t WHERE length(a) > {x}")',
    'cur.execute((f"SELECT * FROM t WHERE a = {x}"))',
    'cur.execute(  # why\n    f"SELECT * FROM t WHERE a = {x}"  # what\n)',
    'where = f"{b}"\ncur.execute(f"SELECT * FROM t WHERE a = {where}")',
    'cur.execute(f"SELECT * FROM t WHERE a = {x:>4}")',
]

LEFT = [
    'User.objects.raw("SELECT * FROM users WHERE name = \'%s\'" % request.GET["name"])\n',
    'import pymysql\ncur = pymysql.connect().cursor()\ncur.execute(f"SELECT * FROM t LIMIT {x}")\n',
    'def f(cur, x):\n    cur.execute(f"SELECT * FROM t WHERE a = {x}")\n',
    'db.session.execute(f"DELETE FROM t WHERE a = {x}")\n',
    "from sqlalchemy import text\nengine.execute(text(f\"SELECT * FROM t WHERE a = '{x}'\"))\n",
    "M.objects.raw(f\"SELECT * FROM t WHERE a = '{x}'\")\n",
    (
        "import psycopg2\n"
        "con = psycopg2.connect(d)\n"
        "con.cursor().execute(f\"SELECT * FROM t WHERE a = {x} AND b LIKE '%c'\")\n"
    ),
    (
        "import psycopg2\n"
        "con = psycopg2.connect(d)\n"
        "cur = con.cursor()\n"
        "cur.execute(f'SELECT * FROM t WHERE a = \"{x}\"')\n"
    ),
]


@pytest.mark.parametrize(
    ("before", "after"), [*FIXED, *((f"{START}{a}\n", f"{START}{b}\n") for a, b in FIXED_AFTER_START)]
)
def test_fixed(before: str, after: str) -> None:
    check_fixed(RULE, before, after)


@pytest.mark.parametrize("source", [*SILENT, *(f"{START}{source}\n" for source in SILENT_AFTER_START)])
def test_look_alikes(source: str) -> None:
    check_silent(RULE, source)


@pytest.mark.parametrize("source", [*LEFT, *(f"{START}{source}\n" for source in LEFT_AFTER_START)])
def test_left(source: str) -> None:
    check_left(RULE, source)


@pytest.mark.parametrize(("source", "severity"), SEVERITIES)
def test_severity_follows_the_place(source: str, severity: str) -> None:
    assert [str(f.fault.severity or RULE.severity) for f in found(RULE, source)] == [severity]


RUNS = [
    ("WHERE name = '{name}'", "O'Neil", []),
    ("WHERE name = '{name}'", "x' OR '1'='1", []),
    ("WHERE name = '{name}'", "ann", [(1, "ann")]),
    ("WHERE id = {name}", "1", [(1, "ann")]),
    ("WHERE id = {name}", 2, [(2, "bob")]),
    ("WHERE id > {name} LIMIT 1", 1, [(2, "bob")]),
    ("WHERE id = {name}", "1 OR 1=1", []),
]


@pytest.mark.parametrize(("clause", "value", "rows"), RUNS)
def test_the_fixed_statement_finds_what_was_meant(clause: str, value: object, rows: list[tuple[int, str]]) -> None:
    source = (
        f'import sqlite3\ndef f(con: sqlite3.Connection, name):\n    return con.execute(f"SELECT * FROM t {clause}")\n'
    )
    names: dict[str, Any] = {}
    exec(fixed(RULE, source), names)
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE t (id INTEGER, name TEXT)")
        connection.executemany("INSERT INTO t VALUES (?, ?)", [(1, "ann"), (2, "bob")])
        assert names["f"](connection, value).fetchall() == rows
