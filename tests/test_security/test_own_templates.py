"""What a user's own templates print of a designer's names, in both languages: in literals and in comments it is text.

Only `originalName` is handed to templates as a designer wrote it; everything else is a name that its language allows.
"""

from pathlib import Path

import pytest

from exfig_rx.config.parse import parse_config
from exfig_rx.errors import ExfigError
from tests.test_security.designs import Thing, config_text, design, exported
from tests.test_security.hostile import TEXTS
from tests.test_security.skeletons import skeleton

SWIFT = """\
// {{ color.originalName }}
/// {{ color.originalName }} //
/* {{ color.originalName }} */
/*{{ color.originalName }}*/
let {{ color.name }} = UIColor(named: "{{ color.originalName }}", in: "a{{ color.originalName }}b")
"""
TEMPLATES = {
    "UIColor+extension.swift.stencil": "{% for color in colors where color.name %}" + SWIFT + "{% endfor %}",
    "UIColor+extension.swift.jinja": "{% for color in colors %}" + SWIFT + "{% endfor %}",
}


@pytest.mark.parametrize("file", list(TEMPLATES))
def test_the_name_in_figma_is_only_text_in_swift(file: str, tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / file).write_text(TEMPLATES[file])
    config = parse_config(config_text("ios-code", ios={"templatesPath": str(folder)}), "ios.yaml").config

    def made(name: str) -> object:
        (text,) = (
            one.content.decode()
            for one in exported("ios-code", design([Thing(name)]), tmp_path, config).files
            if one.path == "code/UIColor.swift" and isinstance(one.content, bytes)
        )
        return skeleton("UIColor.swift", text)

    usual = made("aPlain")
    for text in TEXTS:
        try:
            assert made(f"a{text}b") == usual, repr(text)
        except ExfigError as error:
            assert all(problem.location and problem.location.node_id for problem in error.problems)
