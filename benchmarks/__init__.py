"""How fast the services are beside plain Nameko: ratios, measured side by side in one run.

python -m benchmarks [--rounds N] [--seconds S] [--only NAME] [--json FILE]
"""
