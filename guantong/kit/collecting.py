"""When Python looks for garbage: not while very many rows live, which it would walk in vain."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collecting() -> Iterator[None]:
    """Let garbage be for a while: walking a million living rows takes a quarter of the time.

    What is dropped meanwhile is freed by counting, but for what goes round in circles.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        # What lives on is old by now, and needn't be walked as if it were new.
        gc.freeze()
        gc.unfreeze()
        if was_enabled:
            gc.enable()


def collect_new() -> None:
    """Free the circles among what was made since the last time, and look at the rest no more."""
    gc.collect()
    gc.freeze()
