"""Every write of figures: the sealing of their values."""

from guantong.figures.operations.sealing import Seal, keep_lists, rows_bytes, seal_figure

__all__ = ["Seal", "keep_lists", "rows_bytes", "seal_figure"]
