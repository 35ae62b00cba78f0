"""The kinds of record that rectification adds, registered by being imported."""

from guantong.rectification.kinds import problems, revisits

__all__ = ["problems", "revisits"]
