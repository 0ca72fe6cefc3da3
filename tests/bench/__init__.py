"""Benchmarks: ratios between ways of doing the same work, taken in one run. Never a timed test."""
