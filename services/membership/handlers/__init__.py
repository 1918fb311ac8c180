"""The use cases of membership: load, ask the domain to do one thing, save."""
