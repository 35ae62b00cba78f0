"""The reference says what the code says."""

from tests.reference import pages, strangers


def test_every_page_is_as_the_code_would_write_it():
    written = dict(pages())
    stale = [
        path.name
        for path, text in written.items()
        if not path.exists() or path.read_text("utf-8") != text
    ]
    assert stale == [], "run 'python -m tests.reference'"
    assert strangers(written) == set(), "run 'python -m tests.reference'"
