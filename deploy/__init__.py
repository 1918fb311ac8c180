"""What runs Faculty: the local stack, container images and the broker's definitions."""
