"""What Figma holds becomes named, paired, validated assets: pure functions from payload values to models.

`filters` and `styles` choose, `paints` reads a value, `naming` names, `pairing` joins the modes, `colors` is the whole
way for colors; `wording` is how their problems speak.
"""
