import pytest

from checks.debugging.rules.arguments.clock_in_field_default import RULE
from tests.rulecases import check_fixed, check_left, check_silent

FIXED = [
    (
        "from pydantic import BaseModel\nfrom uuid import UUID, uuid4\n\nclass A(BaseModel):\n"
        "    id: UUID = uuid4()  # key\n",
        "from pydantic import BaseModel, Field\nfrom uuid import UUID, uuid4\n\nclass A(BaseModel):\n"
        "    id: UUID = Field(default_factory=uuid4)  # key\n",
    ),
    (
        "from django.db import models as m\nimport uuid\n\nclass A(m.Model):\n"
        "    id = m.UUIDField(primary_key=True, default=uuid.uuid4(), editable=False)  # key\n",
        "from django.db import models as m\nimport uuid\n\nclass A(m.Model):\n"
        "    id = m.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)  # key\n",
    ),
    (
        "from peewee import CharField, Model\nfrom uuid import uuid4\n\nclass A(Model):\n"
        "    key = CharField(default=str(uuid4()))\n",
        "from peewee import CharField, Model\nfrom uuid import uuid4\n\nclass A(Model):\n"
        "    key = CharField(default=lambda: str(uuid4()))\n",
    ),
    (
        "import sqlalchemy as sa\nfrom datetime import datetime\n\nclass A(Base):\n"
        "    at = sa.Column(sa.DateTime, default=datetime.now())\n",
        "import sqlalchemy as sa\nfrom datetime import datetime\n\nclass A(Base):\n"
        "    at = sa.Column(sa.DateTime, default=datetime.now)\n",
    ),
    (
        "from dataclasses import dataclass\nimport time\n\n@dataclass(frozen=True)\nclass A:\n"
        "    at: float = time.time()\n",
        "from dataclasses import dataclass, field\nimport time\n\n@dataclass(frozen=True)\nclass A:\n"
        "    at: float = field(default_factory=time.time)\n",
    ),
    (
        "import datetime as dt\nfrom pydantic import BaseModel, Field\n\nclass A(BaseModel):\n"
        "    at: dt.datetime = Field(default=dt.datetime.now(dt.timezone.utc), description='when')\n",
        "import datetime as dt\nfrom pydantic import BaseModel, Field\n\nclass A(BaseModel):\n"
        "    at: dt.datetime = Field(default_factory=lambda: dt.datetime.now(dt.timezone.utc), description='when')\n",
    ),
]

SILENT = [
    "from pydantic import BaseModel\nimport time\n\nclass A(BaseModel):\n    _at: float = time.time()\n",
    "from mine import BaseModel\nimport time\n\nclass A(BaseModel):\n    at: float = time.time()\n",
    "from django.db import models\nfrom django.utils import timezone\n\nclass A(models.Model):\n"
    "    at = models.DateTimeField(default=timezone.now)\n",
    "from django.db import models\n\nclass A(models.Model):\n    at = models.IntegerField(default=int())\n",
    "import time\nfrom django.db import models\n\nclass A(models.Model):\n"
    "    at = models.FloatField(default=lambda: time.time())\n",
    "import time\nfrom mine import Field\n\nclass A:\n    at = Field(default=time.time())\n",
    "import time\n\nclass A:\n    started: float = time.time()\n",
    "from dataclasses import dataclass\nfrom typing import ClassVar\nimport time\n\n@dataclass\nclass A:\n"
    "    started: ClassVar[float] = time.time()\n",
    "from dataclasses import dataclass\nimport time\n\n@dataclass\nclass A:\n    started = time.time()\n",
    "from dataclasses import dataclass, field\nimport time\n\n@dataclass\nclass A:\n"
    "    at: float = field(default_factory=time.time)\n",
    "from dataclasses import dataclass\nfrom mine import time\n\n@dataclass\nclass A:\n    at: float = time.time()\n",
]

LEFT = [
    "from django.db import models\nfrom uuid import uuid4\n\nclass A(models.Model):\n"
    "    key = models.CharField(default=str(uuid4()))\n",
    "from django.db import models\nfrom datetime import datetime\n\nclass A(models.Model):\n"
    "    at = models.DateTimeField(default=datetime.now() + OFFSET)\n",
    "from dataclasses import dataclass\nimport time\nfield = dataclasses = 1\n\n@dataclass\nclass A:\n"
    "    at: float = time.time()\n",
    "from dataclasses import dataclass\nimport time\n\n@dataclass\nclass A:\n    at: float = max(\n"
    "        time.time(),  # now\n        1,\n    )\n",
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
