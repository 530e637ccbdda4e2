"""What a host does beyond its parts, which have tests of their own."""

import gc

from app.operations.holding import bound
from tests.app.github.conftest import World


def test_a_copy_stays_while_its_host_is_there_and_is_fetched_anew_when_it_was_removed(world: World) -> None:
    host = world.app.host(world.host.repository, world.installation)
    root = host.local(world.base)
    (root.parent / "another").mkdir()
    for kind in (".used", ".lock"):
        (root.parent / f"another{kind}").touch()
    assert bound(root.parent, 0).removed == 0
    del host
    gc.collect()
    assert bound(root.parent, 0).removed == 1
    assert not root.exists()
    again = world.app.host(world.host.repository, world.installation)
    assert again.local(world.base) == root
    assert (root / ".git" / "HEAD").is_file()
