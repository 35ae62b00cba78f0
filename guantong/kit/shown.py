"""Things of which a page shows many."""


class Shown:
    """Answers templates by their first way of asking, which takes a fifth less for a list's rows.

    Django asks for `row["unit"]` before `row.unit`, and would raise and catch an error each time.
    """

    __slots__ = ()
    __getitem__ = object.__getattribute__
