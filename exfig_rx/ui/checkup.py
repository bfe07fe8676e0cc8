"""What `exfig doctor` says: a line for each thing that was looked at, what to do below it, and one last line.

In: findings. Out: renderables. Rule: the verdict comes first and as a word, so that nothing depends on color.
"""

from collections.abc import Sequence

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment
from rich.text import Text

from exfig_rx.figma.checkup import Finding, Verdict
from exfig_rx.ui.wording import safe

_STYLES = {Verdict.OK: "green", Verdict.WARN: "yellow", Verdict.FAIL: "red"}
_WIDTH = max(map(len, Verdict)) + 2


class Row:
    """A finding: its verdict, and beside it subject, message and what to do, wrapped within the width that is left."""

    def __init__(self, finding: Finding) -> None:
        self._finding = finding

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        finding = self._finding
        parts: list[RenderableType] = [
            Text.assemble((f"{safe(finding.subject)}: ", "bold"), safe(finding.message), overflow="fold")
        ]
        if finding.hint:
            parts.append(Text(safe(finding.hint), overflow="fold"))
        inner = options.update(width=max(1, options.max_width - _WIDTH))
        lead = Segment(f"{finding.verdict:{_WIDTH}}", console.get_style(_STYLES[finding.verdict]))
        for part in parts:
            for line in console.render_lines(part, inner, pad=False):
                yield lead
                yield from line
                yield Segment.line()
                lead = Segment(" " * _WIDTH)


def last_line(findings: Sequence[Finding]) -> str:
    """How many of each verdict."""
    counts = {verdict: sum(1 for finding in findings if finding.verdict is verdict) for verdict in Verdict}
    return f"{counts[Verdict.OK]} ok, {counts[Verdict.WARN]} to look at, {counts[Verdict.FAIL]} failed"
