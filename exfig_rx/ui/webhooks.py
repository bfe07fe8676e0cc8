"""What `exfig webhook` says: a row for each webhook, and what became of it.

In: webhooks as Figma lists them. Out: renderables. Rule: names and addresses come from others, so they are made safe.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from exfig_rx.figma.webhooks import Webhook
from exfig_rx.ui.wording import safe


@dataclass(frozen=True, slots=True)
class Row:
    """A webhook, and a word on it: how it is, or what was done."""

    webhook: Webhook
    state: str


def table_view(rows: Sequence[Row]) -> RenderableType:
    """A row for each; a sentence where there are none."""
    if not rows:
        return Text("No webhooks.")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("Id", "Event", "About", "Endpoint", "State"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        hook = row.webhook
        table.add_row(safe(hook.id), safe(hook.event_type), safe(str(hook.context)), safe(hook.endpoint), row.state)
    return table
