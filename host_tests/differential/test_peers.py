"""The same server bytes to our engine and three libraries: where they differ, faults.py says why.

imaplib, IMAPClient and aioimaplib talk to a scripted server over a socket, as in real life.
"""

import contextlib
from ast import literal_eval
from pathlib import Path
from typing import Any

import pytest

from host_tests.differential.asynchronous import Aioimaplib
from host_tests.differential.blocking import Imapclient, Imaplib
from host_tests.differential.clients import Ours, UnsupportedError
from host_tests.differential.conversation import Conversation, read, serving
from host_tests.differential.faults import FAULTS, expected
from host_tests.support.peer import Peer

Said = dict[str, object]

HERE = Path(__file__).parent
OWN = sorted((HERE / "conversations").glob("*.txt"))
TRACES = sorted((HERE.parent / "traces").glob("*.txt"))
CONVERSATIONS = [conversation for path in OWN + TRACES for conversation in read(path)]
NAMES = [conversation.name for conversation in CONVERSATIONS]
CLIENTS: dict[str, Any] = {
    "ours": Ours,
    "imaplib": Imaplib,
    "IMAPClient": Imapclient,
    "aioimaplib": Aioimaplib,
}
LIBRARIES = [name for name in CLIENTS if name != "ours"]

every_conversation = pytest.mark.parametrize("conversation", CONVERSATIONS, ids=NAMES)


def follow(name: str, conversation: Conversation, ours: Said | None = None) -> Said:
    """What the client says, as "2 search.count": 3.

    Ends where it has nothing for a flow, raises something, or takes for done what we do not.
    """
    said: Said = {}
    with Peer([serving(conversation)]) as peer, contextlib.ExitStack() as stack:
        label = "0 greeting"
        try:
            client = CLIENTS[name](peer.port)
            stack.callback(client.close)
            for number, asked in enumerate(conversation.steps, 1):
                label = f"{number} {asked.flow}"
                # the libraries ask for the capabilities at once
                is_asked = number == 1 and asked.flow == "capability"
                facts = getattr(client, "known" if is_asked else asked.flow)(*asked.arguments)
                following = [step.flow for step in conversation.steps[number : number + 1]]
                if asked.flow == "login" and facts["is_ok"] and following != ["capability"]:
                    facts.update(client.known())
                said.update((f"{label}.{fact}", value) for fact, value in facts.items())
                if ours and ours.get(f"{label}.is_ok") != said.get(f"{label}.is_ok"):
                    break
        except UnsupportedError:
            return said
        except Exception as error:  # noqa: BLE001 - whatever a library raises is what it says
            said[label] = type(error).__name__
    return said


def differences(ours: Said, theirs: Said) -> Said:
    """The first difference of each fact, as "search.count": 3; of names, those that differ."""
    found: Said = {}
    for label, value in theirs.items():
        known = ours.get(label)
        if value == known:
            continue
        if isinstance(value, list) and isinstance(known, list) and label.endswith(".capabilities"):
            more = [f"+{name}" for name in value if name not in known]
            value = " ".join(more + [f"-{name}" for name in known if name not in value])
        found.setdefault(label.split(" ")[1], value)
    return found


@every_conversation
def test_our_engine_follows_to_the_end(conversation):
    said = follow("ours", conversation)
    assert not [label for label in said if "." not in label], said
    assert any(label.startswith(f"{len(conversation.steps)} ") for label in said)
    for label, value in conversation.expected.items():
        assert said[label] == literal_eval(value), label


@pytest.mark.parametrize("library", LIBRARIES)
@every_conversation
def test_library_says_the_same_or_is_known_to_be_at_fault(conversation, library):
    ours = follow("ours", conversation)
    theirs = follow(library, conversation, ours)
    assert differences(ours, theirs) == expected(conversation.name, library)


def test_every_fault_was_looked_for():
    assert not {name for fault in FAULTS for name in fault.says} - set(NAMES)


def test_own_conversations_are_followed_whole():
    asked = sum(path.read_bytes().count(b"\n> ") for path in OWN)
    stems = {path.stem for path in OWN}
    own = [each for each in CONVERSATIONS if each.name.split(" ")[0] in stems]
    assert sum(len(conversation.steps) for conversation in own) == asked


def test_most_traces_can_be_followed():
    assert len(CONVERSATIONS) >= 60
