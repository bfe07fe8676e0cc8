"""How much one rendering may do: steps, characters, items, widths; the same for Jinja and Stencil.

In: what an engine is about to do. Out: nothing, or a `TemplateFault`. Rule: everything is counted before it is made,
and nothing depends on a clock, so a template that passes once passes on every machine.
"""

from collections.abc import Mapping

from exfig_rx.export.template_faults import TemplateFault

LONGEST_OUTPUT = 64_000_000
"""Characters of one generated file; a hundred thousand colors need less than half of that."""

LONGEST_VALUE = 32_000_000
"""Characters of one text on the way."""

MOST_CHARACTERS = 128_000_000
"""Characters of everything that one rendering prints, captures, joins or changes."""

MOST_STEPS = 5_000_000
"""Passes of loops, calls, operators and filters of one rendering; a loop in a loop over 1,000 colors is a million."""

MOST_ITEMS = 1_000_000
"""Items of one list that a template makes."""

WIDEST = 10_000
"""Columns of an indentation or padding, digits of a rounding, items of a batch."""

LARGEST_NUMBER_BITS = 10_000

DEEPEST_LIST = 50
"""Lists within lists that are printed or compared."""

DEEPEST_CALLS = 60
"""Stencil templates and macros that are inside one another; Jinja's are bounded by Python's own stack."""

REGEX_TIMEOUT_S = 1.0
"""How long one `replace` with a pattern may take; the only limit that a clock knows."""


class Budget:
    """What one rendering has used so far; `start` begins the next one."""

    __slots__ = ("characters", "steps")

    def __init__(self) -> None:
        self.steps = 0
        self.characters = 0

    def start(self) -> None:
        """Forget what was used."""
        self.steps = 0
        self.characters = 0

    def step(self, steps: int = 1) -> None:
        """Count work that takes about as long as `steps` passes of an empty loop."""
        self.steps += steps
        if self.steps > MOST_STEPS:
            raise TemplateFault(
                "template.endless",
                f"takes more than {MOST_STEPS:,} steps",
                "a step is a pass of a loop, a call, an operator or a filter; look at loops inside loops",
            )

    def take(self, characters: int) -> None:
        """Count a text of so many characters, which is about to be made."""
        if characters > LONGEST_VALUE:
            _too_large(f"makes a text of {characters:,} characters; the limit is {LONGEST_VALUE:,}")
        self.characters += characters
        if self.characters > MOST_CHARACTERS:
            _too_large(f"makes more than {MOST_CHARACTERS:,} characters of text on the way")

    def taken(self, text: str) -> str:
        """`text`, counted; for what can't be much larger than what it is made of."""
        self.take(len(text))
        return text

    def items(self, count: int) -> None:
        """Count a list of so many items, which is about to be made."""
        if count > MOST_ITEMS:
            _too_large(f"makes a list of {count:,} items; the limit is {MOST_ITEMS:,}")
        self.step(count // 16)

    def width(self, number: object) -> None:
        """Require that a width, a count or a number of digits is one that somebody may mean."""
        if isinstance(number, int | float) and not -WIDEST <= number <= WIDEST:
            _too_large(f"asks for a width or count of {_short(number)}; the limit is {WIDEST:,}")

    def bits(self, bits: int) -> None:
        """Require that a whole number of so many bits may be made."""
        if bits > LARGEST_NUMBER_BITS:
            _too_large(f"makes a number of more than {LARGEST_NUMBER_BITS:,} bits")

    def measure(self, value: object) -> None:
        """Count the work of going through `value` itself, not through what lies in its items."""
        match value:
            case str():
                self.step(len(value) // 1024)
            case list() | tuple() | range() | Mapping():
                self.step(len(value) // 64)
            case bool():
                pass
            case int():
                self.bits(value.bit_length())

    def weigh(self, value: object) -> None:
        """Count `value` and all that is in it, as often as it occurs: lists of lists grow without using memory."""
        pending: list[object] = [value]
        seen = characters = 0
        while pending:
            item = pending.pop()
            inner = item.values() if isinstance(item, Mapping) else item if isinstance(item, list | tuple) else ()
            # An entry of a dictionary is as cheap as its text; a million of them are a design, not an accident.
            seen += len(inner) if isinstance(item, list | tuple) else 1
            for each in (item,) if isinstance(item, str) else inner:
                if isinstance(each, str):
                    characters += len(each)
                elif isinstance(each, list | tuple | Mapping):
                    pending.append(each)
            if seen > MOST_ITEMS:
                _too_large(f"makes lists that hold more than {MOST_ITEMS:,} values")
            if characters > LONGEST_VALUE:
                _too_large(f"makes lists that hold more than {LONGEST_VALUE:,} characters")
        self.step(seen // 16)


def _short(number: float) -> str:
    return f"{number:,}" if abs(number) < 10**15 else "over 10^15"


def _too_large(what: str) -> None:
    raise TemplateFault("template.too-large", what, "look at its loops, and at what they repeat")
