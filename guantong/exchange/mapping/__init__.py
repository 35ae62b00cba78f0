"""Mappings: how the columns of a foreign register become the columns of our sheets."""

from guantong.exchange.mapping.declared import (
    CannotUseMapping,
    Mapping,
    Origin,
    Skip,
    Yield,
    load_mapping,
)
from guantong.exchange.mapping.matching import mapping_for

__all__ = [
    "CannotUseMapping",
    "Mapping",
    "Origin",
    "Skip",
    "Yield",
    "load_mapping",
    "mapping_for",
]
