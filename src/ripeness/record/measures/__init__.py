"""Measures of the record: stated comparisons, with the error of each."""

from ripeness.record.measures.compute import measure, write

__all__ = ["measure", "write"]
