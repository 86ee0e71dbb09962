"""Subjects and senders as mail has them: whole, folded, cut at every byte; nothing raises."""

from odd_senders import SENDERS
from odd_subjects import SUBJECTS
from showing import sender, shown, subject

LATER = b"\r\nDate: Mon, 02 Nov 2026 09:08:07 +0000\r\n\r\n"


def test_every_subject_is_shown_as_its_row_says():
    for raw, text, _ in SUBJECTS:
        assert subject(b"Subject: " + raw + LATER) == text, (raw, subject(b"Subject: " + raw))


def test_every_sender_is_shown_as_its_row_says():
    for raw, text, _ in SENDERS:
        assert sender(b"From: " + raw + LATER) == text, (raw, sender(b"From: " + raw))


def test_a_fold_in_place_of_a_blank_changes_nothing():
    for raw, text, _ in SUBJECTS:
        assert subject(b"Subject:\r\n " + raw.replace(b" ", b"\r\n\t") + LATER) == text, raw
    for raw, text, _ in SENDERS:
        assert sender(b"From:\n\t" + raw.replace(b" ", b"\n ") + LATER) == text, raw


def test_any_cut_of_any_row_is_text_no_longer_than_itself():
    for raw, _, _ in SUBJECTS:
        for at in range(len(raw) + 1):
            assert len(subject(b"Subject: " + raw[:at])) <= at, raw[:at]
            assert len(shown(raw[at:])) <= len(raw) - at, raw[at:]
    for raw, _, _ in SENDERS:
        for at in range(len(raw) + 1):
            assert len(sender(b"From: " + raw[:at])) <= at, raw[:at]
            assert len(sender(b"From: " + raw[at:] + LATER)) <= len(raw) - at, raw[at:]


def test_a_block_cut_at_any_byte_shows_what_came_until_then():
    block = (
        "From: Żaneta Ćwikła <z@example.org>\r\nSubject: Привет,\r\n мир =?utf-8?B?0J/RgNC4?=\r\n"
    ).encode()
    whole = ("Żaneta Ćwikła", "Привет, мир При")
    for at in range(len(block)):
        name, topic = sender(block[:at]), subject(block[:at])
        is_named = at >= block.find(b">")
        assert name == whole[0] if is_named else len(name) <= at, (at, name)
        if is_named and not topic.startswith(whole[1][:-3]):
            assert whole[1].startswith(topic.rstrip("□=?")), (at, topic)
