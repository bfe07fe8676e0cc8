"""A contact sheet of the corpus for eyes: source, VectorDrawable, ImageVector, JSX, and differences: `make gallery`."""

import sys

from PIL import Image, ImageChops, ImageDraw

from exfig_rx.vector.compose import Place, image_vector
from exfig_rx.vector.drawable import vector_drawable
from exfig_rx.vector.jsx import jsx
from exfig_rx.vector.lowering import lowered
from exfig_rx.vector.svg import parse_svg
from tests.test_vector.android_reader import drawable_to_svg
from tests.test_vector.corpus import corpus
from tests.test_vector.kotlin_reader import image_vector_to_svg
from tests.test_vector.pictures import LARGE, difference, drawn, known, reference
from tests.test_vector.tsx_reader import component

THUMB, LABEL, COLUMNS = 72, 28, 5
FORMATS = ("source", "drawable", "ImageVector", "JSX")
SIZE = LARGE
VISIBLE = 24
"""Of 255: from here on a difference is marked."""
MOST = 0.5


def pictures_of(source: str) -> list[Image.Image]:
    """The source, and each format drawn back."""
    plain = lowered(parse_svg(source.encode()))
    made = jsx(source.encode(), "Icon")
    back = (
        drawable_to_svg(vector_drawable(plain)),
        image_vector_to_svg(image_vector(plain, "Icon", Place("app.icons"))),
        known(component(made.view_box, made.body)),
    )
    return [reference(source, SIZE), *(drawn(svg, SIZE) for svg in back)]


def row(name: str, source: str) -> Image.Image:
    """One document in all formats under its name; red where a format differs."""
    pictures = pictures_of(source)
    # a component is drawn at the size that whoever uses it says: only its content is to be compared
    alike = [picture for picture in pictures if picture.size == pictures[0].size]
    worst = max(difference(pictures[0], picture) for picture in alike)
    marked = Image.new("RGB", pictures[0].size, "white")
    for picture in alike[1:]:
        changed = ImageChops.difference(pictures[0], picture).convert("L")
        marked.paste("red", mask=changed.point(lambda value: 255 if value > VISIBLE else 0))
    sheet = Image.new("RGB", (THUMB * (len(FORMATS) + 1) + 12, THUMB + LABEL), "white")
    draw = ImageDraw.Draw(sheet)
    draw.text((2, 1), f"{name[:52]}  {worst:.2f}", fill="red" if worst >= MOST else "black")
    for index, (label, picture) in enumerate(
        zip((*FORMATS, "difference"), [*pictures, marked.convert("RGBA")], strict=True)
    ):
        draw.text((index * THUMB + 2, LABEL // 2), label, fill="gray")
        thumb = picture.copy()
        thumb.thumbnail((THUMB - 4, THUMB - 4))
        ground = Image.new("RGBA", thumb.size, "#f3f3f3")
        sheet.paste(Image.alpha_composite(ground, thumb).convert("RGB"), (index * THUMB + 2, LABEL))
    return sheet


def main(path: str) -> None:
    """Writes the sheet as a PNG."""
    rows = [row(name, source) for name, source in corpus()]
    width, height = rows[0].size
    lines = -(-len(rows) // COLUMNS)
    sheet = Image.new("RGB", (width * COLUMNS, height * lines), "white")
    for index, one in enumerate(rows):
        sheet.paste(one, (index // lines * width, index % lines * height))
    sheet.save(path)


if __name__ == "__main__":
    main(sys.argv[1])
