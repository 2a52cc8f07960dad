"""Python's search for reference cycles, held back during a build.

It goes through all that lives, again and again: through each page of the site graph and each row that is kept, of which
a build has hundreds of thousands. So it comes once, at the end, and goes through what is new: a template that was
rendered refers to itself (a macro of Jinja2 to its context, and back), and through that to all that the build has read.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = (50_000, 3, 3)
"""How many objects may be new before they are searched; how often that happens before the older ones are, and how often
those before all."""


@contextmanager
def seldom() -> Iterator[None]:
    """Inside, what lives now is left alone and what is new is searched less often; in the end once more."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.collect()
        gc.unfreeze()
