"""The tree of errors, on every interpreter."""

from postlamp.errors import ConfigError, LinkError, MisuseError, PostlampError
from raising import raises


def test_config_error_says_where_and_what():
    assert str(ConfigError("accounts[0].host", "is missing")) == "accounts[0].host: is missing"


def test_every_error_is_a_postlamp_error_with_a_cause():
    for error in (ConfigError("a", "b"), LinkError("dns"), MisuseError("x")):
        assert isinstance(error, PostlampError)
        assert error.cause in ("config", "dns", "internal")


def test_raises_returns_what_was_raised():
    def fail():
        raise LinkError("silent", "nothing for 20 s")

    assert raises(LinkError, fail).cause == "silent"
