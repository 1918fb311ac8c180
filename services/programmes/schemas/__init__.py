"""Read requests and every response."""
