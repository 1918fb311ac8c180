"""What may be asked of membership; each class is also the request schema of its RPC."""
