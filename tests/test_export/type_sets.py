"""Text styles and entries for the tests of typography, and what a rendering is as plain text."""

from exfig_rx.config.entries import NameRules
from exfig_rx.config.schema import Android, Ios
from exfig_rx.config.typography_entries import TypographyEntry
from exfig_rx.export import render_typography
from exfig_rx.export.templates import Templates
from exfig_rx.model import Platform, Rendered
from exfig_rx.text_styles import TextCase, TextStyle, TypeStyle
from tests.test_export.palettes import Keys, text_of

FONTS: Keys = {"fontSwift": "App/UIFont.swift", "swiftUIFontSwift": "App/Font.swift"}
LABELS: Keys = {**FONTS, "generateLabels": True, "labelsDirectory": "App/Labels"}
SEPARATE: Keys = {**LABELS, "labelStyleSwift": "App/LabelStyles.swift"}
COMPOSE: Keys = {"composePackageName": "app.reef.ui"}
KOTLIN: Keys = {"mainSrc": "app/src", "resourcePackage": "app.reef"}


def ios(typography: Keys = FONTS, **section: object) -> TypographyEntry:
    """An entry in camelCase."""
    keys = {"nameStyle": "camelCase", "generateLabels": False, **typography}
    frame = {"xcassetsPath": "App/A.xcassets", "xcassetsInMainBundle": True, **section, "typography": keys}
    model = Ios.model_validate(frame)
    assert model.typography is not None
    rules = NameRules(model.typography.name_style)
    return TypographyEntry(Platform.IOS, "ios.typography", "FileOfLight", rules, model, model.typography)


def android(typography: Keys | None = None, **section: object) -> TypographyEntry:
    """An entry in snake_case with `mainRes` app/res."""
    keys = {"nameStyle": "snake_case", **(typography or {})}
    model = Android.model_validate({"mainRes": "app/res", **section, "typography": keys})
    assert model.typography is not None
    rules = NameRules(model.typography.name_style)
    return TypographyEntry(Platform.ANDROID, "android.typography", "FileOfLight", rules, model, model.typography)


def style(
    name: str,
    font: str = "Inter-Regular",
    size: float = 16.0,
    *,
    line_height: float | None = None,
    spacing: float = 0.0,
    case: TextCase = TextCase.ORIGINAL,
    dynamic: str = "",
    original: str | None = None,
    node: str = "1:1",
) -> TextStyle:
    """A text style of the file `FileOfLight`; its original name is its final one if not given."""
    type_ = TypeStyle(
        font.partition("-")[0], font, 400.0, float(size), line_height and float(line_height), spacing, case
    )
    raw = name if original is None else original
    return TextStyle(name, raw, type_, dynamic, file_key="FileOfLight", node_id=node)


def rendered(entry: TypographyEntry, *styles: TextStyle) -> Rendered:
    """What the renderer of the entry's platform makes of `styles`."""
    return render_typography(entry, styles, Templates(entry.platform, entry.section.templates_path))


def texts(entry: TypographyEntry, *styles: TextStyle) -> dict[str, str]:
    """The files of a rendering as text, by path."""
    return {file.path: text_of(file) for file in rendered(entry, *styles).files}
