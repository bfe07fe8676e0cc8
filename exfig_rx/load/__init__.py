"""What Figma holds becomes named, paired, validated assets: pure functions from payload values to models.

`filters`, `styles` and `components` choose; `paints` reads a value, `variants` and `drawings` a name; `naming` names,
`pairing` joins the modes, `final_names` does both; `colors` and `pictures` are the whole way; `left_out` and `wording`
are how their problems speak; `renders` fills in what Figma made of the pictures.
"""
