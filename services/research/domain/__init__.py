"""The rules of research: what may be answered, how indicators are made, what may be shown."""
