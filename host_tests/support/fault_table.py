"""What befalls the gadget, by name: what it shows, how soon, and how it recovers.

The tests assert these very figures, in seconds of the board's clock; README.md repeats them, and
test_fault_table.py compares.
"""

from __future__ import annotations

from dataclasses import dataclass

AT_ONCE_S = 5  # a second or two of the gadget's own, and what a busy computer adds
LIGHT_S = 90  # without a proof; so long a trouble light waits, and no longer
CALM_S = 180  # after power-up it waits longer, for the router does
COUNT_S = 5  # from the beginning of a try that may succeed to the right count
FIRST_RETRY_S = 1
LAST_RETRY_S = 300
HOUR_S = 3600
STARVED_S = 40  # a try's connecting and handshake, which seem to be silence
RESTART_S = 420  # by plan, but none in the first five minutes; memory is looked at once in one
WATCHDOG_S = 120
START_S = 15  # from a restart to the right count
LOOK_UP_S = 14  # lwIP's, at the worst; light, screen and button stand still meanwhile


@dataclass(frozen=True)
class Fault:
    """One of them, and the tests of it, the one that asserts the figures first.

    A state of "": it is over before it is trouble, and the count stays. Without a cause: nothing
    is to be seen of it at all. `cells` are what is shown, found and recovered where a restart
    makes an end of it.
    """

    name: str
    tests: tuple[str, ...]
    state: str = ""
    cause: str = ""
    told_s: int = AT_ONCE_S  # until the cause is shown
    light_s: int = LIGHT_S  # until the state is
    retry_s: int = LAST_RETRY_S  # until the next try, once it is over
    cells: tuple[str, str, str] | None = None

    def row(self) -> str:
        """As it stands in README.md."""
        shown = ", ".join(filter(None, (self.state or "the count", self.cause)))
        found = f"{self.told_s} s" if self.cause else "–"
        if self.state:
            found += f", light {self.light_s} s"
        recovered = f"{self.retry_s} + {COUNT_S} s" if self.cause else "–"
        cells = self.cells or (shown, found, recovered)
        tests = " ".join(f"`{test}`" for test in self.tests)
        return f"| {' | '.join((self.name, *cells, tests))} |"


FAULTS = (
    Fault(
        "server killed",
        (
            "test_faults_link::test_server_killed",
            "test_mail::test_a_server_that_stays_away_is_not_sure_and_the_old_count_says_so",
        ),
        "not_sure",
        "refused",
    ),
    Fault(
        "half-open: one connection, packets dropped, no FIN",
        ("test_faults_link::test_half_open_connection",),
        retry_s=FIRST_RETRY_S,
        cause="silent",
        told_s=LIGHT_S,
    ),
    Fault(
        "half-open: the whole server, packets dropped, no FIN",
        (
            "test_faults_link::test_half_open_server",
            "test_no_wifi::test_a_black_hole_is_not_believed_and_left_after_five_minutes",
        ),
        "not_sure",
        "silent",
        told_s=LIGHT_S,
    ),
    Fault(
        "RST",
        ("test_faults_link::test_rst", "test_watcher::test_a_connection_that_ends_in_idle"),
        retry_s=FIRST_RETRY_S,
        cause="closed",
    ),
    Fault(
        "BYE",
        (
            "test_faults_link::test_bye",
            "test_watcher::test_a_bye_in_idle_is_told_in_the_server_s_words",
        ),
        retry_s=FIRST_RETRY_S,
        cause="bye",
    ),
    Fault(
        "RST or BYE, after a minute or more",
        (
            "test_faults_link::test_connection_that_has_lasted_ends",
            "test_cycle::test_a_session_that_ends_with_its_token_is_taken_up_again_quietly",
        ),
    ),
    Fault(
        "stall in mid-line",
        (
            "test_faults_link::test_stall_in_mid_line",
            "test_watcher::test_a_stall_in_the_middle_of_a_line",
        ),
        "not_sure",
        "silent",
        told_s=LIGHT_S,
        retry_s=31,
    ),
    Fault(
        "stall in mid-literal",
        (
            "test_faults_link::test_stall_in_mid_literal",
            "test_watcher::test_a_stall_in_the_middle_of_a_literal",
        ),
        retry_s=FIRST_RETRY_S,
        cause="silent",
        told_s=20,
    ),
    Fault(
        "stall in mid-handshake",
        ("test_faults_link::test_stall_in_mid_handshake",),
        "not_sure",
        "silent",
        told_s=25,
    ),
    Fault(
        "one byte a second",
        (
            "test_faults_link::test_one_byte_a_second",
            "test_watcher::test_one_byte_a_second_is_slow_but_right",
        ),
        "not_sure",
        "silent",
        told_s=LIGHT_S,
    ),
    Fault(
        "garbage greeting", ("test_faults_server::test_garbage_greeting",), "not_sure", "garbage"
    ),
    Fault(
        "plaintext injected before TLS",
        ("test_faults_server::test_plaintext_injected_before_tls",),
        "not_sure",
        "garbage",
    ),
    Fault(
        "wrong password for an hour",
        ("test_faults_server::test_wrong_password_for_an_hour",),
        "needs_you",
        "password",
        light_s=AT_ONCE_S,
        retry_s=HOUR_S,
    ),
    Fault(
        "connection limit", ("test_faults_server::test_connection_limit",), "not_sure", "throttled"
    ),
    Fault("throttle", ("test_faults_server::test_throttle",), "not_sure", "throttled"),
    Fault(
        "certificate replaced, of the same CA",
        (
            "test_faults_server::test_certificate_renewed",
            "test_roots::test_a_new_chain_is_learned_anew",
        ),
        retry_s=FIRST_RETRY_S,
        cause="closed",
    ),
    Fault(
        "certificate replaced, of another CA",
        ("test_faults_server::test_certificate_of_another_ca",),
        "refused",
        "unknown_issuer",
        light_s=AT_ONCE_S,
    ),
    Fault("DNS gone", ("test_faults_board::test_dns_gone",), "not_sure", "dns"),
    Fault(
        "DNS silent: a look-up keeps everybody waiting",
        ("test_faults_board::test_look_ups_that_block",),
        "not_sure",
        "dns",
        told_s=LOOK_UP_S + AT_ONCE_S,
        light_s=LIGHT_S + LOOK_UP_S,
        retry_s=LAST_RETRY_S + LOOK_UP_S,
    ),
    Fault(
        "Wi-Fi gone",
        (
            "test_faults_board::test_wifi_gone",
            "test_no_wifi::test_a_network_that_goes_and_comes_back",
        ),
        "not_sure",
        "wifi",
    ),
    Fault(
        "NTP gone, at power-up",
        (
            "test_faults_board::test_ntp_gone_at_power_up",
            "test_no_clock::test_without_the_time_it_signs_in_nowhere_and_says_why",
        ),
        "not_sure",
        "clock",
        told_s=60,
        light_s=CALM_S,
    ),
    Fault(
        "NTP gone, later",
        ("test_no_clock::test_a_clock_that_was_set_needs_no_server_and_is_set_again_twice_a_day",),
    ),
    Fault("clock jump", ("test_faults_board::test_clock_jump",)),
    Fault("out of memory", ("test_faults_board::test_out_of_memory",), "not_sure", "memory"),
    Fault(
        "a handshake starved of memory",
        (
            "test_low_memory::test_a_handshake_without_memory_is_no_silent_server_and_ends_in_a_restart",
            "test_low_memory::test_a_heap_that_doubled_in_a_session_is_found_before_it_is_missed",
            "test_pulse::test_a_silence_without_memory_for_a_handshake_is_told_as_what_it_is",
        ),
        cells=(
            "not_sure, memory, then a restart",
            f"{STARVED_S} s, restart {RESTART_S} s",
            f"{START_S} s",
        ),
    ),
    Fault(
        "a task that hangs",
        (
            "test_supervisor_faults::test_a_task_that_hangs_is_found_and_begun_again",
            "test_pulse::test_a_silent_task_is_ended_at_its_limit_and_one_that_stays_ends_the_start",
        ),
        "not_sure",
        "silent",
        told_s=120,
        light_s=120,
        retry_s=1095,
    ),
    Fault(
        "an endless loop: nothing goes on",
        (
            "test_supervisor_faults::test_an_endless_loop_is_ended_by_the_watchdog",
            "test_heart::test_two_minutes_without_a_beat_end_the_start",
            "test_heart::test_one_beat_in_two_minutes_is_enough",
        ),
        cells=("the light stands still, then a restart", f"{WATCHDOG_S} s", f"{START_S} s"),
    ),
    Fault(
        "a crash, or the chip stops without a word",
        (
            "test_safe_mode::test_crashes_far_apart_are_no_reason",
            "test_safe_mode::test_a_chip_that_stops_without_a_word_is_found_by_its_mark",
        ),
        cells=("a restart", "at once", f"{START_S} s"),
    ),
    Fault(
        "a crash loop: three within five minutes",
        (
            "test_safe_mode::test_three_crashes_lead_to_safe_mode_until_a_press_or_an_hour",
            "test_ladder::test_three_crashes_within_five_minutes_are_too_many",
            "test_pulse::test_safe_mode_is_tried_again_after_an_hour",
        ),
        cells=("safe, the crash in words", "the third crash", f"a press, or {HOUR_S} s"),
    ),
    Fault(
        "disk full",
        (
            "test_faults_board::test_disk_full",
            "test_power_cut::test_no_room_from_any_write_of_the_configuration_on",
            "test_power_cut::test_no_room_from_any_write_of_the_state_on",
            "test_power_cut::test_a_flash_with_so_many_blocks_free",
        ),
    ),
    Fault(
        "power cut at every write of configuration or state",
        (
            "test_power_cut::test_a_power_cut_at_every_write_of_the_configuration",
            "test_power_cut::test_a_power_cut_while_one_configuration_replaces_another",
            "test_power_cut::test_a_power_cut_at_every_write_of_the_state",
        ),
    ),
    Fault(
        "copy of a configuration interrupted",
        (
            "test_kept::test_a_copy_that_was_interrupted_leaves_it_watching",
            "test_power_cut::test_a_copy_that_was_interrupted_leaves_the_last_good_configuration",
        ),
    ),
)
