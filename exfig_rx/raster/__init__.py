"""Pictures made on this machine: SVG drawn, PNG decoded, both encoded as PNG, JPG, WebP or HEIC.

`pool` is the whole way, as a stream: it keeps the `processes` busy, each of which lives in `worker`. What a worker
does to one picture is a pure function: `document` checks and sizes an SVG, `draw` makes pixels and bytes. `png` reads
headers, and `oddities` tells what is odd about renders, both without a renderer. Neither Pillow nor resvg is imported
outside of workers: they cost a start-up, and a picture that crashes them must not take the run along.
"""
