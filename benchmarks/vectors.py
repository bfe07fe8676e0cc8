"""SVG to VectorDrawable: what a plain icon costs on one core, beside npm's svg2vectordrawable on the same files.

In: 1,000 icons made here, as Figma writes them. Out: rows. Rules: both convert text to text, after they have warmed up,
in turns; the last row counts all of both processes, from their start to the last file written.
"""

import random
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measuring import Row, ratio, run, seconds
from exfig_rx.vector.drawable import vector_drawable
from exfig_rx.vector.lowering import lowered
from exfig_rx.vector.svg import parse_svg

ICONS = 1000
RUNS = 5
MOST_MICROSECONDS = 200.0
LEAST_RATIO = 10.0
PEER = Path("build/peers/node_modules/svg2vectordrawable")
"""Where `make peers` puts it."""

COLORS = ("#0B3C49", "#0B3C49", "#0B3C49", "#F4D35E", "#C8553D", "white")

PLAIN_ICON = b"""<svg width="24" height="24" viewBox="0 0 24 24" fill="none" xmlns="http://www.w3.org/2000/svg">
<path fill-rule="evenodd" clip-rule="evenodd" d="M12 2C6.47715 2 2 6.47715 2 12C2 17.5228 6.47715 22 12 22C17.5228 22 22
17.5228 22 12C22 6.47715 17.5228 2 12 2ZM9 9H15V15H9V9Z" fill="#0B3C49"/>
<path d="M5 6H9" stroke="#0B3C49" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round"/>
</svg>
"""

THEIRS = """
const fs = require('fs'), path = require('path');
const [peer, folder, out, runs] = process.argv.slice(2);
const convert = require(path.resolve(peer));
(async () => {
  const files = fs.readdirSync(folder).sort();
  const texts = files.map(name => fs.readFileSync(path.join(folder, name), 'utf8'));
  const times = [];
  for (let run = 0; run < Number(runs); run++) {
    const start = process.hrtime.bigint();
    for (let at = 0; at < texts.length; at++) {
      const xml = await convert(texts[at], { xmlTag: true });
      if (out) fs.writeFileSync(path.join(out, files[at] + '.xml'), xml);
    }
    times.push(Number(process.hrtime.bigint() - start) / 1e9);
  }
  console.log(JSON.stringify(times));
})();
"""

OURS = """
import sys
from pathlib import Path
from benchmarks.vectors import converted
folder, out = map(Path, sys.argv[1:])
for file in sorted(folder.iterdir()):
    (out / f"{file.name}.xml").write_text(converted(file.read_bytes()))
"""


def converted(svg: bytes) -> str:
    """The VectorDrawable of an SVG."""
    return vector_drawable(lowered(parse_svg(svg)))


def icon(seed: int) -> bytes:
    """An icon of one to three paths, as Figma writes them: absolute commands, five decimals, solid colors."""
    chance = random.Random(seed)

    def numbers(count: int) -> str:
        return " ".join(f"{chance.uniform(1, 23):.5f}".rstrip("0").rstrip(".") for _ in range(count))

    def outline() -> str:
        counts = {"C": 6, "L": 2, "H": 1, "V": 1}
        letters = chance.choices("CCCLHV", k=chance.randint(4, 18))
        return f"M{numbers(2)}" + "".join(letter + numbers(counts[letter]) for letter in letters)

    paths = []
    for _ in range(chance.randint(1, 3)):
        color = chance.choice(COLORS)
        if chance.random() < 0.6:
            rule = chance.choice(('fill-rule="evenodd" clip-rule="evenodd" ', ""))
            paths.append(f'<path {rule}d="{outline()}Z" fill="{color}"/>')
        else:
            line = 'stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round"'
            paths.append(f'<path d="{outline()}" stroke="{color}" {line}/>')
    frame = 'width="24" height="24" viewBox="0 0 24 24" fill="none" xmlns="http://www.w3.org/2000/svg"'
    return f"<svg {frame}>\n{chr(10).join(paths)}\n</svg>\n".encode()


def rows() -> list[Row]:
    """What it costs, and how much more elsewhere."""
    icons = [icon(seed) for seed in range(ICONS)]
    taken = min(seconds(lambda: [converted(PLAIN_ICON) for _ in range(3000)]) for _ in range(3)) / 3000
    varied = min(seconds(lambda: [converted(svg) for svg in icons]) for _ in range(3)) / ICONS
    return [
        Row("SVG to VectorDrawable, a plain icon on one core", taken * 1e6, MOST_MICROSECONDS, " µs"),
        Row("SVG to VectorDrawable, 1,000 plain icons, each on one core", varied * 1e6, MOST_MICROSECONDS, " µs"),
        *_beside(icons),
    ]


def _beside(icons: list[bytes]) -> list[Row]:
    name = "SVG to VectorDrawable, npm's svg2vectordrawable / exfig"
    if shutil.which("node") is None or not PEER.is_dir():
        return [Row(f"{name}: not measured, `make peers` needs npm", float("nan"), None)]
    with tempfile.TemporaryDirectory() as directory:
        folder, out, script = (Path(directory) / name for name in ("icons", "out", "theirs.js"))
        folder.mkdir()
        out.mkdir()
        script.write_text(THEIRS)
        for number, svg in enumerate(icons):
            (folder / f"{number:04}.svg").write_bytes(svg)
        node = ["node", str(script), str(PEER), str(folder)]
        pairs = []
        for _ in range(RUNS):
            theirs = subprocess.run([*node, "", "4"], check=True, capture_output=True, text=True).stdout
            ours = min(seconds(lambda: [converted(svg) for svg in icons]) for _ in range(3))
            pairs.append((min(map(float, theirs.strip().strip("[]").split(","))), ours))
        warm = statistics.median(theirs for theirs, _ in pairs) / statistics.median(ours for _, ours in pairs)
        python = [sys.executable, "-c", OURS, str(folder), str(out)]
        whole = ratio(lambda: run([*node, str(out), "1"]), lambda: run(python), RUNS)
    return [
        Row(f"{name}, 1,000 plain icons", warm, LEAST_RATIO, at_least=True),
        Row(f"{name}, whole process of 1,000 files", whole, None),
    ]


if __name__ == "__main__":
    for row in rows():
        sys.stdout.write(f"{row.name:<75} {row.value:9.{row.digits}f}{row.unit}\n")
