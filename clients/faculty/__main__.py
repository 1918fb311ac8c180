"""``python -m clients.faculty`` is the ``faculty`` command."""

from clients.faculty.cli import main

main(prog_name="faculty")
