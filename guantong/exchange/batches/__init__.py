"""Rows of a file on their way in: parsed, resolved, and compared with what is there."""

from guantong.exchange.batches.batch import Batch, Fault, Line
from guantong.exchange.batches.comparing import compare_batch
from guantong.exchange.batches.grouping import Equal, Reason, reasons_of
from guantong.exchange.batches.outlying import say_which_days_are_strange
from guantong.exchange.batches.parsing import batches_of
from guantong.exchange.batches.resembling import say_what_is_alike
from guantong.exchange.batches.resolving import Known, find_things, resolve

__all__ = [
    "Batch",
    "Equal",
    "Fault",
    "Known",
    "Line",
    "Reason",
    "batches_of",
    "compare_batch",
    "find_things",
    "reasons_of",
    "resolve",
    "say_what_is_alike",
    "say_which_days_are_strange",
]
