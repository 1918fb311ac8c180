"""Patch before anything else is imported, as the services do."""

import eventlet

eventlet.monkey_patch()
