"""Programmes: schemes and courses, their cohorts, applications, and what members learn there."""
