"""Each page of the table of screens, in words."""

from postlamp.app import pages, states
from snapshots import Snapshot, everything

_TEXTS = {
    "checked": "checked {age} ago",
    "newest": "newest {age} ago",
    "age.s": "{n} s",
    "age.min": "{n} min",
    "age.h": "{n} h",
    "age.d": "{n} d",
    "retry": "Trying again in {age}",
    "retry.short": "Again in {age}",
    "new": "NEW in {account}",
    "new.of": "1 of {n}",
    "was": "was {n}",
    "was.at": "was {n} at {clock}",
    "account": "account: {account}",
    "day.0": "Mon {n}",
    "cause.wifi.named": 'Wi-Fi "{name}" is gone',
}


class _FakeWords:
    def say(self, key, **values):
        return _TEXTS.get(key, key).format(**values)


def _page(state, **changes):
    return pages.compose(Snapshot(state, **changes), _FakeWords())


def test_unread():
    assert _page("unread", accounts=[("work", 2), ("home", 1)], unseen=3) == (
        "unread",
        "3",
        "unread",
        "work 2  home 1",
        "newest 4 min ago",
        "Zażółć Gęślą",
        "Новое письмо: Привет из Праги",
        "checked 12 s ago",
        "14:07",
    )


def test_an_account_that_is_not_known_has_a_question_mark():
    assert _page("unread", accounts=[("work", 2), ("home", None)])[3] == "work 2  home ?"


def test_more_than_99_unread():
    assert _page("unread", unseen=99)[1] == "99"
    assert _page("unread", unseen=100)[1] == "99+"


def test_unread_before_any_header_was_read():
    page = _page("unread", sender="", subject="", newest_age_s=None)
    assert page[4:7] == ("", "", "")


def test_a_mail_without_sender_or_subject_says_so():
    assert _page("unread", sender="")[5] == "no_sender"
    assert _page("unread", subject="")[6] == "no_subject"


def test_trouble_within_the_grace_keeps_the_number_and_says_what_is_wrong():
    page = _page("unread", link_trouble="dns")
    assert page[1] == "2"
    assert page[4] == "cause.dns.title"
    page = _page("nothing", link_trouble="silent")
    assert (page[1], page[5], page[6]) == ("14:07", "nothing", "cause.silent.title")


def test_new():
    page = _page(
        "new",
        new_count=3,
        newest_age_s=0,
        sender="Anna Kovač",
        subject="Can you bring the keys at seven?",
    )
    assert page == (
        "new",
        "",
        "NEW in work        1 of 3",
        "",
        "Anna Kovač",
        "Can you bring the",
        "keys at seven?",
        "new.press",
        "14:07",
    )


def test_new_mail_has_the_screen_for_ten_seconds_and_then_waits_as_unread():
    assert _page("new", newest_age_s=9)[0] == "new"
    assert _page("new", newest_age_s=10)[:2] == ("unread", "2")
    assert _page("new", newest_age_s=None)[0] == "new"


def test_one_new_mail_is_not_counted():
    assert _page("new", new_count=1, newest_age_s=0)[2] == "NEW in work"


def test_nothing_waits():
    page = _page("nothing", accounts=[("work", 0), ("home", 0)], age_s=40)
    assert page == (
        "nothing",
        "14:07",
        "",
        "",
        "",
        "nothing",
        "work 0   home 0",
        "checked 40 s ago",
        "Mon 23",
    )


def test_nothing_waits_while_the_clock_is_not_set():
    page = _page("nothing", clock="", day=None)
    assert (page[1], page[8]) == ("0", "")


def test_zero_just_reached_has_the_page_of_nothing():
    assert _page("reached_zero")[0] == "nothing"


def test_not_sure():
    page = _page(
        "not_sure",
        cause="wifi",
        detail="home",
        last_unseen=3,
        age_s=900,
        retry_in_s=20,
        unseen=None,
    )
    assert page == (
        "not_sure",
        "3?",
        "was 3 at 13:52",
        "changed",
        "cause.wifi.hint",
        'Wi-Fi "home" is gone',
        "Trying again in 20 s",
        "cause.wifi.act",
        "",
    )


def test_not_sure_when_nothing_was_ever_known():
    page = _page("not_sure", cause="dns", last_unseen=None)
    assert page[1:4] == ("?", "unknown", "")
    assert page[6] == "retry.now"


def test_a_large_count_that_is_not_sure_is_told_in_words():
    assert _page("not_sure", cause="dns", last_unseen=250)[1:3] == ("?", "was 250 at 14:07")


def test_a_long_wait_is_told_in_fewer_words():
    assert _page("not_sure", cause="throttled", retry_in_s=720)[6] == "Again in 12 min"


def test_a_long_wifi_name_is_cut_within_its_quotes():
    text = _page("not_sure", cause="wifi", detail="The Prancing Pony")[5]
    assert text == 'Wi-Fi "The…" is gone'


def test_needs_you():
    assert _page("needs_you", cause="password", detail="[AUTHENTICATIONFAILED] no") == (
        "needs_you",
        "",
        "needs_you",
        "account: work",
        "",
        "cause.password.title",
        "cause.password.hint",
        "cause.password.act",
        "",
    )


def test_refused_never_quotes_the_server():
    page = _page("refused", cause="expired", detail="anything")
    assert page[0:4] == ("refused", "", "refused", "account: work")
    assert page[5:8] == ("cause.expired.title", "cause.expired.hint", "cause.expired.act")


def test_the_servers_words_stand_where_ours_say_less():
    assert _page("needs_you", cause="sign_in", detail="Use the web")[6] == "Use the web"
    assert _page("needs_you", cause="command", detail="")[6] == "cause.command.hint"


def test_a_configuration_error_says_where_and_what():
    page = _page(
        "needs_you", cause="config", detail="accounts[0].hots: unknown key, did you mean host?"
    )
    assert page == (
        "config",
        "",
        "cause.config.title",
        "",
        "accounts[0].hots:",
        "unknown key, did you",
        "mean host?",
        "cause.config.act",
        "",
    )


def test_starting_and_connecting():
    assert _page("starting")[5:7] == ("starting", "work")
    assert _page("connecting", link_trouble="wifi", detail="home")[6] == 'Wi-Fi "home" is gone'
    assert _page("starting", account="", accounts=[])[6] == ""


def test_other_modes_than_watching():
    assert _page("service")[4:8] == ("service", "service.1", "service.2", "service.act")
    assert _page("safe", detail="")[4:8] == ("safe", "safe.1", "safe.2", "safe.act")
    assert _page("safe", detail="ValueError('of mine',)")[6] == "ValueError('of mine'\u2026"


def test_not_set_up():
    assert _page("not_set_up")[4:8] == (
        "not_set_up",
        "not_set_up.1",
        "not_set_up.2",
        "not_set_up.act",
    )


def test_ages_are_told_in_their_largest_unit():
    for age_s, text in (
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (86399, "23 h"),
        (86400, "1 d"),
        (-1, "0 s"),
    ):
        assert _page("nothing", age_s=age_s)[7] == "checked " + text + " ago"
    assert _page("nothing", age_s=None)[7] == "unchecked"


def test_every_page_is_nine_texts():
    for snapshot in everything():
        page = pages.compose(snapshot, _FakeWords())
        assert len(page) == 9
        for text in page:
            assert isinstance(text, str)


def test_every_state_has_a_page():
    for state in states.STATES:
        assert (
            pages.compose(Snapshot(state, newest_age_s=0), _FakeWords())[0]
            == states.STATES[state][1]
        )
