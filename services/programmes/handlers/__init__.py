"""The use cases of programmes: load, ask the domain to do one thing, save."""
