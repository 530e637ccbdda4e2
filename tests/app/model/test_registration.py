"""What is asked of GitHub: held against what GitHub knows."""

from githubkit_schemas.latest.models import AppPermissions

from app.model.registration import EVENTS, NOT_ASKED, PERMISSIONS


def test_permissions_are_githubs_and_each_says_why():
    for each in PERMISSIONS:
        AppPermissions.model_validate({each.name: each.access}, strict=True)
        assert each.name in AppPermissions.model_fields
        assert each.why and not each.why.endswith(".")
    assert len({each.name for each in PERMISSIONS}) == len(PERMISSIONS)


def test_nothing_that_could_change_who_may_do_what():
    asked = {each.name for each in PERMISSIONS}
    assert not asked & {"administration", "secrets", "workflows", "actions", "organization_administration"}
    assert "administration" in NOT_ASKED


def test_events_each_once():
    assert len({each.name for each in EVENTS}) == len(EVENTS)
    assert all(each.why for each in EVENTS)
