"""The figures of rectification, registered by being imported."""

from guantong.rectification.figures import problems, revisits

__all__ = ["problems", "revisits"]
