"""What a decision would break today: violations, the baseline they would make, clashes.

`model` are the values; `measure` makes them in this process, `bylaw.preview.worker` in another
one. `view` is what page, site and terminal show of them, `treemap` its geometry.
"""
