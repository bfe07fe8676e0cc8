"""SVG into the vector formats of the platforms: one typed drawing, and a pure emitter for each format.

`limits` tells what is too much, `markup` reads XML, `stylesheet`, `cascade`, `values` and `transforms` give an element
its style and place, `svg` builds the `drawing` within the budget of its `document`; `geometry`, `curves`, `outline`,
`dashes` and `overlap` do the arithmetic, `lowering` breaks a drawing down to what Android's vectors know; `drawable`,
`compose` and `jsx` write. What a format can't express is named, never silent.
"""
