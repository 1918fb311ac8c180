"""What every page shares."""

PAGE_LIMIT = 200
