"""Names that a stranger may give things in Figma: ways out of a folder, out of a literal, out of a line."""

from typing import Final

from hypothesis import strategies as st

from exfig_rx.load.filters import is_left_out, named_platforms

PATHS: Final = ("../../x", "/etc/passwd", "..", "..\\..\\x", "CON", "NUL.svg", "\x00", "x" * 300, "a/" * 60)

INVISIBLE: Final = (
    *("\u202egnp.exe", "\u2066x\u2069", "\u200b", "\u200d", "\ufeff", "\u00ad", "\ue000", "\uffff", "\U0010ffff"),
    *("\n", "\r\n", "\t", "\x0b", "\x85", "\u2028", "\u2029", "\x1b[31m", "\x7f", "\ud800", "\udfff", " ", "  x  "),
)

LETTERS: Final = (
    *("🎨👩\u200d👩\u200d👧", "a" + "\u0301" * 300, "\u0301", "Ω", "見", "١٢", "İ", "ß", "ﬁ", "K", "½", "שלום", "नमस्ते"),
    *("class", "func", "val", "__proto__", "constructor", "default", "$root", "#function", "-", "--", ".9"),
)

BREAKOUTS: Final = (
    *('"', "'", "`", "\\", '\\"', '\\\\"', "*/", "/*", "//", "]]>", "-->", "<!--", "?>", "&", "<", "%>", "#{x}"),
    *("${evil}", "$evil", "$(evil)", "`evil`", "\\(evil())", "{evil()}", "{{ 7*7 }}", "{% include 'x' %}", "{a.b}"),
)

INJECTIONS: Final = (
    '"; evil(); "',
    '")) }\nfunc evil() {}\n//',
    "\nimport Evil\n",
    "}\nfun evil() {}\nobject X {",
    "'; import('evil'); '",
    "` + evil() + `",
    "*/ evil() /*",
    "\\u{22}); evil(\\u{22}",
    "\\\nevil()",
    "} .evil { color: red",
    "; --evil: url(//evil)",
    "</style><script>evil()</script>",
    '"/><item name="evil">@x</item><x y="',
    "&evil;<!ENTITY evil SYSTEM 'file:///etc/passwd'>",
    '"onload={evil()} x="',
    "=cmd|'/c evil'!A0",
    "%s%n{0}",
)

TEXTS: Final = (*PATHS, *INVISIBLE, *LETTERS, *BREAKOUTS, *INJECTIONS)

any_text: Final = (
    st.lists(st.sampled_from(TEXTS) | st.text(max_size=5), min_size=1, max_size=4)
    .map("".join)
    .filter(lambda text: not is_left_out(text) and not named_platforms(text) and "~" not in text)
)
"""What these are made into, without the words of descriptions and names that say who may have an asset."""
