"""Notifications: e-mail to members about what happened to them, sent once and accounted for."""
