"""The broker's users, permissions, exchanges and event log."""
