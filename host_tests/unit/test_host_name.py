"""The name that the router is told."""

from postlamp.net import joining


def test_the_router_is_told_a_name_that_dns_can_carry():
    for name, host in (
        ("desk", "desk"),
        ("Anna's Lamp (2)", "anna-s-lamp-2"),
        ("Лампа", "postlamp"),
        ("", "postlamp"),
        ("--", "postlamp"),
        ("a" * 32, "a" * 32),
        ("a" * 31 + " b", "a" * 31),
    ):
        assert joining.host_name(name) == host, name
