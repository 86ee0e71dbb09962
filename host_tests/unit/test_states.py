"""The table of states and causes is complete and consistent."""

from postlamp import errors
from postlamp.app import states
from postlamp.app.looks import LOOKS
from snapshots import CAUSES

_POLICIES = ("backoff", "slow", "hourly")


def test_every_state_has_a_look_that_exists():
    for state in states.STATES:
        assert states.STATES[state][0] in LOOKS, state


def test_every_state_has_a_known_retry_policy():
    for state in states.STATES:
        assert states.STATES[state][2] in _POLICIES, state


def test_every_cause_leads_to_a_state():
    for cause in CAUSES:
        assert states.state_of(cause) in ("not_sure", "needs_you", "refused"), cause
    assert len(set(CAUSES)) == len(CAUSES)
    assert states.state_of("wifi") == states.state_of("internal") == "not_sure"
    assert states.state_of("password") == states.state_of("command") == "needs_you"
    assert states.state_of("expired") == states.state_of("bad_certificate") == "refused"


def test_every_cause_has_a_known_retry_policy():
    for cause in CAUSES:
        assert states.policy_of(cause) in _POLICIES, cause


def test_a_refused_password_is_tried_hourly_and_a_lost_link_soon():
    assert states.policy_of("password") == "hourly"
    for cause in ("sign_in", "password_expired", "contact_admin", "account", "alert"):
        assert states.policy_of(cause) == "hourly", cause
    assert states.policy_of("wifi") == "backoff"
    assert states.policy_of("mailbox_gone") == "backoff"
    for cause in ("mailbox", "privacy", "charset", "throttled", "unavailable"):
        assert states.policy_of(cause) == "slow", cause
    assert states.policy_of("expired") == "slow"


def test_an_unlisted_cause_is_our_own_mistake():
    assert states.state_of("no such cause") == states.state_of("internal")


def test_the_causes_that_errors_carry_are_listed():
    for error in (errors.PostlampError, errors.ConfigError, errors.GarbageError):
        assert error.cause in CAUSES
