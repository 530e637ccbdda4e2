from checks.debugging.mend import mend, targets_of
from tests.rulecases import module_of

BEFORE = "import threading\nprint(threading.currentThread().getName())\n"
AFTER = "import threading\nprint(threading.current_thread().name)\n"


def test_two_faults_of_one_rule_that_begin_together_are_both_fixed() -> None:
    module = module_of(BEFORE)
    text, why = mend(module.text, module.surroundings, targets_of(module))
    assert (text.string, why) == (AFTER, ["", ""])


def test_a_fix_that_moves_the_place_of_another_comes_after_it() -> None:
    module = module_of('import json\ncfg = json.load(open("x.json"))\n')
    for targets in (targets_of(module), targets_of(module)[::-1]):
        text, why = mend(module.text, module.surroundings, targets)
        assert text.string == (
            'import json\nwith open("x.json", encoding="utf-8") as file:\n    cfg = json.load(file)\n'
        )
        assert why == ["", ""]
