"""Read requests and every response. No view carries the equality pseudonym but its own."""
