"""Measures quality on labelled data, and speed against peers in the same run: ``python -m benchmarks --data DIR``."""
