"""The rules of programmes, in plain Python: no broker, no store, no clock, no randomness."""
