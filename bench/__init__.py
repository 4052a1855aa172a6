"""Reproducible benchmarks: our work beside the same work by hand, in the same run. `python3 dev.py bench`."""
