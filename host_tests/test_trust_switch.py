"""No code path switches the checking of certificates off: read from the firmware's own source."""

import ast
from collections.abc import Iterator
from pathlib import Path

FIRMWARE = Path(__file__).parent.parent / "firmware"
HANDSHAKE = "postlamp/net/handshake.py"
CONTEXTS = "postlamp/net/contexts.py"
# Everything that could weaken it, wherever it is named, and the only functions that may.
ALLOWED = {
    "CERT_REQUIRED": {(CONTEXTS, ""), (CONTEXTS, "context_for")},
    "CERT_OPTIONAL": {(CONTEXTS, ""), (CONTEXTS, "context_for_pin")},
    "CERT_NONE": set(),
    "verify_mode": {(CONTEXTS, "context_for"), (CONTEXTS, "context_for_pin")},
    "verify_callback": {(HANDSHAKE, "_shake_hands")},
    "SSLContext": {(CONTEXTS, name) for name in ("", "context_for", "context_for_pin")},
    "wrap_socket": {(HANDSHAKE, "_shake_hands")},
    "context_for_pin": {("postlamp/accounts.py", "_transport")},
    "exec": set(),
    "eval": set(),
    "setattr": set(),
    "__import__": set(),
}
# By any of these names TLS can be had.
LIBRARIES = {"tls", "ssl", "_ssl", "ussl", "mip", "requests", "urequests"}


def _named(node: ast.AST) -> list[str]:
    """What a node names: a variable, an attribute, a keyword, what is imported, a definition."""
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, ast.Attribute):
        return [node.attr]
    if isinstance(node, ast.alias):
        return [node.name, node.asname or ""]
    if isinstance(node, ast.keyword):
        return [node.arg or ""]
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value] if node.value.isidentifier() else []
    return []


def _walk(node: ast.AST, function: str = "") -> Iterator[tuple[ast.AST, str]]:
    """Every node that runs on a board, with the function it stands in; no annotation does."""
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.If) and _named(child.test) == ["TYPE_CHECKING"]:
                continue
            if isinstance(child, ast.AST):
                yield child, function
                is_function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
                yield from _walk(child, child.name if is_function else function)


NODES = {
    path.relative_to(FIRMWARE).as_posix(): list(_walk(ast.parse(path.read_text(encoding="utf-8"))))
    for path in sorted(FIRMWARE.rglob("*.py"))
}


def _uses(name: str) -> set[tuple[str, str]]:
    return {
        (file, function)
        for file, nodes in NODES.items()
        for node, function in nodes
        if name in _named(node)
    }


def _calls(name: str) -> list[ast.Call]:
    return [
        node
        for nodes in NODES.values()
        for node, _ in nodes
        if isinstance(node, ast.Call) and _named(node.func) == [name]
    ]


def test_what_could_weaken_the_check_is_named_where_it_is_needed_only():
    assert {name: _uses(name) for name in ALLOWED} == ALLOWED


def test_one_module_alone_imports_tls():
    found = set()
    for file, nodes in NODES.items():
        for node, _ in nodes:
            if isinstance(node, ast.ImportFrom) and node.module in LIBRARIES:
                found.add(file)
            if isinstance(node, ast.Import) and LIBRARIES & {each.name for each in node.names}:
                found.add(file)
    assert found == {CONTEXTS}


def test_the_check_is_a_constant_and_set_before_a_context_is_handed_out():
    modes = {
        function: ast.unparse(node)
        for node, function in NODES[CONTEXTS]
        if isinstance(node, ast.Assign) and "verify_mode" in _named(node.targets[0])
    }
    assert modes == {
        "context_for": "context.verify_mode = CERT_REQUIRED",
        "context_for_pin": "context.verify_mode = CERT_OPTIONAL",
    }
    assert len(_calls("SSLContext")) == len(modes)


def test_one_module_alone_says_that_a_certificate_was_seen():
    assert {file for file, _ in _uses("is_passed")} == {HANDSHAKE}


def test_tls_always_has_a_host_name_and_a_guard():
    assert [ast.unparse(call) for call in _calls("wrap_socket")] == [
        "context.wrap_socket(raw, server_hostname=server_hostname, do_handshake_on_connect=False)"
    ]
    said = [ast.unparse(node) for node, _ in NODES[HANDSHAKE] if isinstance(node, ast.Assign)]
    assert "context.verify_callback = guard.see" in said


def test_the_context_that_leaves_the_verdict_to_a_pin_goes_out_with_one():
    """With the bytes that store/account.py checked to be 32; test_faults_trust.py looks at it."""
    (call,) = _calls("context_for_pin")
    returned = [
        ast.unparse(node)
        for node, _ in NODES["postlamp/accounts.py"]
        if isinstance(node, ast.Return) and call in ast.walk(node)
    ]
    assert returned == ["return Transport(context_for_pin(), unhexlify(trust[4:]))"]
