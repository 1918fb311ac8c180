"""What every page shares."""

PAGE_LIMIT = 200

# Of what is replaced as a whole, as rankings are.
MOST_EARLIER = 1_000_000
LATEST = "Which of those there were, counted from 1; none: the latest."
