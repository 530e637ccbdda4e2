import json

import pytest

from app.model.oversight import Oversight, Says
from app.views.oversight.plain import document, reading
from checks.model.safety import Level
from tests.app.views.oversight.test_shown import REVIEW


@pytest.mark.parametrize("review", [REVIEW, Oversight(Level.CRITICAL, Says.NOTHING_SAFER, "None.")])
def test_it_is_read_as_it_was_written(review: Oversight) -> None:
    assert reading(json.loads(json.dumps(document(review)))) == review
