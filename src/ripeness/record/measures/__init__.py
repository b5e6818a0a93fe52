"""Measures of the record: stated comparisons, with the error of each."""

from ripeness.record.measures.compute import measure, write, write_odds

__all__ = ["measure", "write", "write_odds"]
