"""What uses the system from outside, through the broker."""
