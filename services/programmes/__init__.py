"""Programmes: schemes and courses, their cohorts, and the applications that members make."""
