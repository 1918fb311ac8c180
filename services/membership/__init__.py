"""Membership: who belongs, on what evidence, and in which grade."""
