"""One program told by several outlets, as one.

`fusing.fuse` is pure, over tellings; `step.fuse_store` does it in a store; `model` is what comes of it. Nothing is
imported here: who only shows a fused program needs none of what finds copies.
"""
