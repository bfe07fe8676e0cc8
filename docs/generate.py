"""Make the generated parts of README and docs anew; with `--check`, say which are stale and exit 1."""

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from benchmarks.strategies import outcomes, picture, table
from exfig_rx.cli.commands import Shown
from exfig_rx.cli.options import overview, parse
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
    found = outcomes()
    scheduler = ROOT / "docs" / "scheduler.md"
    compared = _fill(scheduler.read_text(encoding="utf-8"), "strategies", table(found))
    return {
        readme: text,
        page: example,
        scheduler: compared,
        ROOT / "docs" / "live.svg": save_picture(),
        ROOT / "docs" / "scheduler-strategies.svg": picture(found),
    }


def _help() -> str:
    command = parse(["batch", "--help"], {})
    assert isinstance(command, Shown)
    return command.text


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
