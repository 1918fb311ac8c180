"""What may be asked of programmes; each class is also the request schema of its RPC."""
