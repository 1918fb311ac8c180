"""Research: equality answers under a pseudonym, and indicators that show no one person."""
