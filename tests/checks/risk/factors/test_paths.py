from checks.model.safety import Level
from checks.risk.factors import paths
from tests.changed import edited, evidence

CART = "src/shop/cart.py"


def test_sensitive_paths_are_floors_with_their_paths() -> None:
    seen = evidence(edited(src__shop__cart_py="x = 1\n"), sensitive=(("src/shop/c*", Level.CRITICAL),))
    (found,) = paths.weigh(seen)
    assert (found.floor, found.seen) == (Level.CRITICAL, f"sensitive (CRITICAL): {CART}")
    assert found.lower == f"leave out {CART}"
