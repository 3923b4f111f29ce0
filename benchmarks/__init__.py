"""How fast it is, as ratios within one run. ``python -m benchmarks`` prints one table; see README.md."""
