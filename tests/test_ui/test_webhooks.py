"""What `exfig webhook` prints."""

from io import StringIO

from exfig_rx.figma.webhooks import Context, Webhook
from exfig_rx.ui.console import make_console
from exfig_rx.ui.webhooks import Row, table_view


def printed(*rows: Row) -> str:
    stream = StringIO()
    make_console(stream, "never", {}).print(table_view(rows))
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines())


def test_a_webhook_is_a_row_and_none_is_a_sentence() -> None:
    hook = Webhook("17", "FILE_UPDATE", Context("file", "Ab12"), "https://hooks.example.com/figma", "ACTIVE")
    assert printed(Row(hook, "active")) == (
        "Id  Event        About      Endpoint                         State\n"
        "17  FILE_UPDATE  file Ab12  https://hooks.example.com/figma  active"
    )
    assert printed() == "No webhooks."


def test_what_others_wrote_is_no_command_for_the_terminal() -> None:
    hook = Webhook("\x1b[2J", "\x07", Context("file\n", "[red]"), "https://a.b/\x1b]0;x", "ACTIVE")
    text = printed(Row(hook, "active"))
    assert not any(char in text for char in "\x1b\x07")
    assert "\\x1b[2J" in text
    assert "[red]" in text
