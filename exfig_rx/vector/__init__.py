"""SVG into the vector formats of the platforms: one typed drawing, and a pure emitter for each format.

`markup` reads XML, `cascade` and `values` give each element its style, `svg` builds the `drawing`; `geometry` and
`outline` do the arithmetic, `lowering` breaks a drawing down to what Android's vectors know; `drawable` and `compose`
write. What a format can't express is named, never silent.
"""
