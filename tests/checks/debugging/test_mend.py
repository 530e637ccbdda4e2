from checks.debugging.mend import mend, targets_of
from tests.rulecases import module_of

BEFORE = "import threading\nprint(threading.currentThread().getName())\n"
AFTER = "import threading\nprint(threading.current_thread().name)\n"


def test_two_faults_of_one_rule_that_begin_together_are_both_fixed() -> None:
    module = module_of(BEFORE)
    text, why = mend(module.text, module.surroundings, targets_of(module))
    assert (text.string, why) == (AFTER, ["", ""])
