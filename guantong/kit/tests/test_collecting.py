import gc
import weakref

import pytest

from guantong.kit.collecting import collect_new, without_collecting


class Knot:
    def __init__(self) -> None:
        self.itself = self


def test_garbage_is_let_be_and_looked_for_again_afterwards():
    with without_collecting():
        assert not gc.isenabled()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


def test_an_error_inside_does_not_leave_it_so():
    with pytest.raises(ZeroDivisionError), without_collecting():
        raise ZeroDivisionError
    assert gc.isenabled()


def test_who_has_it_off_already_keeps_it_off():
    gc.disable()
    try:
        with without_collecting():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_new_circles_are_freed_and_what_lives_is_put_aside():
    with without_collecting():
        alive, dropped = Knot(), Knot()
        seen = weakref.ref(dropped)
        del dropped
        assert seen() is not None
        collect_new()
        assert seen() is None
        assert gc.get_freeze_count() > 0
    assert alive.itself is alive
    assert gc.get_freeze_count() == 0
