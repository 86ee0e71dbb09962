"""One target under atheris; the rest of the command line is libFuzzer's own.

Half of the changes to an input are libFuzzer's, half know the target's language.
"""

import sys
from collections.abc import Callable
from random import Random

import atheris

with atheris.instrument_imports(include=["postlamp"]):
    from host_tests.fuzz import grammar
    from host_tests.fuzz.targets import TARGETS
    from host_tests.fuzz.vocabulary import WORDS


def mutator(name: str) -> Callable[[bytes, int, int], bytes]:
    """A function of an input, a limit and a seed that gives another input."""

    def change(data: bytes, limit: int, seed: int) -> bytes:
        random = Random(seed)
        for _ in range(random.choice((1, 1, 2, 4))):
            if random.randrange(2):
                data = atheris.Mutate(data, limit)
            elif name != "engine":
                data = _with_word(random, data, WORDS[name])
            elif random.randrange(9):
                data = grammar.spoil(random, data)
            else:
                data = grammar.script(random)
        return data[:limit]

    return change


def _with_word(random: Random, data: bytes, words: tuple[bytes, ...]) -> bytes:
    at = random.randint(0, len(data))
    return data[:at] + random.choice(words) + data[at + random.choice((0, 0, 1, 4)) :]


def main() -> None:
    """Run until libFuzzer has had its time, or something is found."""
    name = sys.argv.pop(1)
    atheris.Setup(sys.argv, TARGETS[name], custom_mutator=mutator(name))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
