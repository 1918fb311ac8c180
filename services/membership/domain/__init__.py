"""The rules of membership, in plain Python: no broker, no store, no clock, no randomness."""
