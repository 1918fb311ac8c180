"""A small library for services built on Nameko. It knows no business noun and no service."""
