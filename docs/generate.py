"""Make the generated parts of README and docs anew; with `--check`, say which are stale and exit 1."""

import json
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from pydantic.fields import FieldInfo

from benchmarks.strategies import outcomes, picture, table
from exfig_rx.cli.commands import Shown
from exfig_rx.cli.options import overview, parse
from exfig_rx.config.keys import WITHOUT_OUTPUT, key_doc
from exfig_rx.config.schema import blocks, inner_block
from exfig_rx.ui.live import save_picture
from exfig_rx.ui.recording import recorded_end
from exfig_rx.ui.report import report_text

ROOT = Path(__file__).parent.parent

EXIT_CODES = {
    0: "every config succeeded",
    1: "at least one config failed",
    2: "wrong usage: nothing was started",
    3: "stopped because of an output conflict",
    70: "internal error: a bug in exfig",
    130: "interrupted (Ctrl-C)",
    143: "terminated",
}


def generated() -> Mapping[Path, str]:
    """Each generated file with the text it should have."""
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    text = _fill(text, "commands", f"```text\n{overview()}```")
    text = _fill(text, "help", f"```text\n{_help()}```")
    rows = "\n".join(f"| {code} | {meaning} |" for code, meaning in EXIT_CODES.items())
    text = _fill(text, "exit-codes", f"| code | meaning |\n|---|---|\n{rows}")
    page = ROOT / "docs" / "report.md"
    example = _fill(page.read_text(encoding="utf-8"), "report", f"```json\n{report_text(recorded_end())}```")
    stream = ROOT / "docs" / "events.md"
    events = _fill(stream.read_text(encoding="utf-8"), "events", _events())
    keys = ROOT / "docs" / "config.md"
    dialect = _fill(keys.read_text(encoding="utf-8"), "keys", _keys())
    found = outcomes()
    scheduler = ROOT / "docs" / "scheduler.md"
    compared = _fill(scheduler.read_text(encoding="utf-8"), "strategies", table(found))
    return {
        readme: text,
        page: example,
        stream: events,
        keys: dialect,
        scheduler: compared,
        ROOT / "docs" / "live.svg": save_picture(),
        ROOT / "docs" / "scheduler-strategies.svg": picture(found),
    }


def _help() -> str:
    command = parse(["batch", "--help"], {})
    assert isinstance(command, Shown)
    return command.text


def _events() -> str:
    """A row for each event of the stream: its name, its fields, what it says."""
    schema = json.loads((ROOT / "exfig_rx" / "ui" / "events.schema.json").read_text(encoding="utf-8"))["$defs"]
    rows = []
    for name, event in schema.items():
        fields = event.get("properties", {})
        if fields.get("event", {}).get("const") == name:
            others = ", ".join(f"`{field}`" for field in fields if field not in ("event", "at"))
            rows.append(f"| `{name}` | {others} | {event['description']} |")
    return "| event | fields besides `at` | |\n|---|---|---|\n" + "\n".join(rows)


OURS = frozenset(
    (
        *("priority", "figma.rateLimit", "variantNames", "rtlProperty", "figmaPageName", "vectorLoss"),
        *("composeMaterial", "currentColor", "imageImport", "imageBase"),
    )
)
"""Keys that no other tool knows, by path or by name."""


def _keys() -> str:
    """A table for each block: key, default, since, example, what it is for, and why it changes no output, if so."""
    parts = []
    for path, block in blocks().items():
        rows = []
        for name, field in block.model_fields.items():
            key = field.alias or name
            if inner_block(field.annotation) is not None:
                continue
            full = f"{path}.{key}".lstrip(".")
            doc = key_doc(block, key)
            meaning = doc.meaning + (f" Changes no output: {reason}." if (reason := WITHOUT_OUTPUT.get(full)) else "")
            cells = (f"`{key}`", _default(field), _since(full, key), f"`{doc.usual}`", meaning)
            rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
        if rows:
            title = f"`{path}`" if path else "Top level"
            parts.append(
                f"### {title}\n\n| key | default | since | example | |\n|---|---|---|---|---|\n" + "\n".join(rows)
            )
    return "\n\n".join(parts)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.default
    if value is None or value == ():
        return ""
    text = json.dumps(value if not isinstance(value, tuple) else list(value))
    return f"`{text.strip(chr(34))}`"


def _since(path: str, key: str) -> str:
    return "0.1" if path in OURS or key in OURS or path.startswith("tokens") else "ExFig 1"


def _fill(text: str, name: str, content: str) -> str:
    pattern = re.compile(rf"(<!-- generated: {name} -->\n).*?(<!-- end -->)", re.DOTALL)
    return pattern.sub(lambda match: f"{match[1]}{content}\n{match[2]}", text)


def main() -> int:
    """Write what is stale, or with `--check` only name it."""
    stale = {path: text for path, text in generated().items() if not path.exists() or path.read_text("utf-8") != text}
    for path, text in stale.items():
        if "--check" in sys.argv:
            sys.stderr.write(f"{path.relative_to(ROOT)} is stale: make docs\n")
        else:
            path.write_text(text, encoding="utf-8")
    return 1 if stale and "--check" in sys.argv else os.EX_OK


if __name__ == "__main__":
    sys.exit(main())
