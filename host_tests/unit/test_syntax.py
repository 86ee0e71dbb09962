"""A JSON text that json refuses: the first mistake, its line, how to mend it."""

from postlamp.store.syntax import first_problem, is_cut


def _says(text, line, words):
    problem = first_problem(text)
    assert problem.startswith(f"line {line}: "), problem
    assert words in problem, problem


def test_brackets_that_do_not_match():
    _says('{"a": [1, 2}', 1, "closes nothing")
    _says('{"a": {\n"b": 1\n', 1, "never closed")
    _says('{\n"a": [\n1', 2, "never closed")
    _says('{"a": 1}}', 1, "more follows the end")


def test_commas_and_colons():
    _says('{"a": 1,\n}', 2, "remove the comma")
    _says('{"a": [1,]}', 1, "remove the comma")
    _says('{"a": 1\n "b": 2}', 2, "comma is missing")
    _says('{"a": 1,, "b": 2}', 1, "comma too many")
    _says('{"a" 1}', 1, "colon is missing")
    _says('{"a":: 1}', 1, "colon too many")
    _says('{"a":}', 1, "no value")
    _says('{"a"}', 1, "no value")


def test_quotes():
    _says("{'a': 1}", 1, "straight double quotes")
    _says("{\n“a”: 1}", 2, "straight double quotes")
    _says('{"a": "b\n}', 1, "not closed")
    _says('{"a": "b', 1, "not closed")
    _says("{a: 1}", 1, 'without "quotes"')


def test_words_comments_and_backslashes():
    _says('{"a": True}', 1, "misspelt")
    _says('{\n// my lamp\n"a": 1}', 2, "no comments")
    _says('{\n# my lamp\n"a": 1}', 2, "no comments")
    _says('{"a": "C:\\dir"}', 1, "twice")
    _says("{1: 2}", 1, "a key must be")


def test_an_empty_file():
    _says("", 1, "empty")
    _says(" \n\n", 1, "empty")


def test_an_unquoted_word_is_not_repeated():
    assert "hunter2" not in first_problem('{"password": hunter2}')


def test_a_right_text_has_no_place():
    assert first_problem('{"a": [1, -2.5e3, true, null, "\\u00e4\\""], "b": {}}') == "is not JSON"


def test_every_cut_of_a_right_text_is_a_mistake():
    text = '{"a": [1, true, {"b": "c\\n"}], "d": {}}'
    for end in range(len(text)):
        assert first_problem(text[:end]).startswith("line 1: ")


def test_every_beginning_of_a_right_text_is_an_interrupted_copy():
    text = '\ufeff{"a": [1, -2.5e+3, true], "ж": {"b😀\\u00e4\\"": "c\\n"}, "d": 1.5}\n'.encode()
    assert first_problem(str(text[3:], "utf-8")) == "is not JSON"
    for end in range(len(text) - 1):
        assert is_cut(text[:end]), text[:end]
    for end in (len(text) - 1, len(text)):
        assert not is_cut(text[:end])


def test_any_other_mistake_is_not_an_interrupted_copy():
    for text in (
        '{"a": 1,}',
        '{"a": 1}}',
        '{"a": hunter2, "b": 1}',
        '{"a": hunter2',
        '{"a": "b\n',
        "{'a': 1",
        '{"a": "C:\\dir',
        "{a",
    ):
        assert not is_cut(text.encode()), text
    assert not is_cut(b'{"a": "\xff"}')
    assert not is_cut(b'{"a": "\xff\xff\xff\xff')
