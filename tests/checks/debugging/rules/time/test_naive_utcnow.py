import pytest

from checks.debugging.rules.time.naive_utcnow import RULE
from checks.debugging.source.module import Surroundings
from tests.rulecases import check_fixed, check_left, check_silent

FIXED = [
    (
        "import datetime\nt = datetime.datetime.utcnow().replace(tzinfo=UTC, microsecond=0)\n",
        "import datetime\nt = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=UTC, microsecond=0)\n",
    ),
    (
        "import datetime\nt = datetime.datetime.utcnow().replace(microsecond=0)\n",
        "import datetime\n"
        "t = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None).replace(microsecond=0)\n",
    ),
    (
        "from datetime import datetime\nnow = datetime.utcnow()\n",
        "from datetime import datetime, timezone\nnow = datetime.now(timezone.utc).replace(tzinfo=None)\n",
    ),
    (
        "import datetime\nnow = datetime.datetime.utcnow() - x\n",
        "import datetime\nnow = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None) - x\n",
    ),
    (
        "import datetime as dt\nnow = dt.datetime.utcfromtimestamp( x )\n",
        "import datetime as dt\nnow = dt.datetime.fromtimestamp( x, dt.timezone.utc ).replace(tzinfo=None)\n",
    ),
    (
        "from datetime import UTC, datetime as D\nnow = D.utcnow().isoformat() + 'Z'\n",
        "from datetime import UTC, datetime as D\nnow = D.now(UTC).replace(tzinfo=None).isoformat() + 'Z'\n",
    ),
    (
        "from datetime import datetime\nt = int(datetime.utcnow().timestamp())\n",
        "from datetime import datetime, timezone\nt = int(datetime.now(timezone.utc).timestamp())\n",
    ),
    (
        "from datetime import datetime, timezone\nt = datetime.utcnow().replace(tzinfo=timezone.utc)\n",
        "from datetime import datetime, timezone\nt = datetime.now(timezone.utc)\n",
    ),
    (
        "import datetime, pytz\nt = datetime.datetime.utcfromtimestamp(x).replace(tzinfo=pytz.utc).date()\n",
        "import datetime, pytz\nt = datetime.datetime.fromtimestamp(x, pytz.utc).date()\n",
    ),
    (
        "from datetime import datetime, timezone\nname = datetime.utcnow().strftime('%Y%m%d')\n",
        "from datetime import datetime, timezone\nname = datetime.now(timezone.utc).strftime('%Y%m%d')\n",
    ),
    (
        "from datetime import datetime, timezone\nyear = datetime.utcfromtimestamp((a or b),).year\n",
        "from datetime import datetime, timezone\nyear = datetime.fromtimestamp((a or b), timezone.utc,).year\n",
    ),
    (
        """
        from datetime import (
            datetime,
            timedelta,
        )

        def f(x):
            return datetime.utcfromtimestamp(
                x
            )
        """,
        """
        from datetime import (
            datetime,
            timedelta,
            timezone,
        )

        def f(x):
            return datetime.fromtimestamp(
                x, timezone.utc
            ).replace(tzinfo=None)
        """,
    ),
]

SILENT = [
    "import datetime\ndatetime.datetime.now(datetime.timezone.utc)\n",
    "from arrow import utcnow\nutcnow()\n",
    "from datetime import datetime\nnow = datetime.now()\n",
    "import arrow\nnow = arrow.utcnow()\n",
    "from mine import datetime\nnow = datetime.utcnow()\n",
    "from datetime import datetime\nclass A(datetime):\n    pass\nnow = A.utcnow()\n",
    "from datetime import datetime\ndef f(datetime):\n    return datetime.utcnow()\n",
    "from datetime import date\nnow = date.today()\n",
    "from oslo_utils import timeutils\nnow = timeutils.utcnow()\n",
    "from django.utils import timezone\nnow = timezone.now()\n",
    "from sqlalchemy import func\nx = func.utcnow()\n",
    "import datetime\ndatetime.datetime.utcnow = fake\n",
]


LEFT = [
    "from datetime import datetime\ncolumn = Column(DateTime, default=datetime.utcnow)\n",
    "from datetime import datetime\nfrom django.utils import timezone\nnow = datetime.utcnow()\n",
    "from datetime import datetime\nnow = datetime.utcnow(zone)\n",
    "from datetime import datetime\nnow = datetime.utcfromtimestamp(\n    x  # seconds\n)\n",
    "from datetime import datetime\nnow = datetime.utcfromtimestamp(*x)\n",
    "from datetime import datetime\nprint(f'{datetime.utcnow()}')\n",
]


@pytest.mark.parametrize(("before", "after"), FIXED)
def test_fixed(before: str, after: str) -> None:
    check_fixed(RULE, before, after)


@pytest.mark.parametrize("source", SILENT)
def test_look_alikes(source: str) -> None:
    check_silent(RULE, source)


@pytest.mark.parametrize("source", LEFT)
def test_left(source: str) -> None:
    check_left(RULE, source)


def test_python_2_is_left_alone() -> None:
    check_left(
        RULE, "from datetime import datetime\nnow = datetime.utcnow()\n", surroundings=Surroundings(python=(2, 7))
    )
