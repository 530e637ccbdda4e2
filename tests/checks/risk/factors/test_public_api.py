from checks.risk.factors import public_api
from tests.changed import change, evidence


def test_many_broken_names_weigh_more_than_one() -> None:
    names = {count: "".join(f"def f{number}(): ...\n" for number in range(count)) for count in (1, 7, 100)}
    weights = []
    for text in names.values():
        found = public_api.weigh(evidence(change({"m.py": text}, {"m.py": "# none\n"})))
        weights.append(sum(each.weight for each in found))
    assert weights == [5, 7, 9]
