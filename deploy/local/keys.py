"""The key pair that signs and verifies callers' tokens."""

from __future__ import annotations

from pathlib import Path

from deploy.local.ports import write_private
from shared import auth


class Keys:
    """An Ed25519 key pair in two files, made when first asked for."""

    def __init__(self, folder: Path) -> None:
        self.private_file = folder / "private.pem"
        self.public_file = folder / "public.pem"

    def prepare(self) -> None:
        """Make the pair unless it is there."""
        if not (self.private_file.exists() and self.public_file.exists()):
            private, public = auth.generate_keys()
            write_private(self.public_file, public)
            write_private(self.private_file, private)

    @property
    def public(self) -> str:
        return self.public_file.read_text()

    def token(self, role: str, subject: str | None = None, *, ttl_seconds: int = 900) -> str:
        """A signed token of ``role``; the subject defaults to one named after the role."""
        return auth.issue(
            self.private_file.read_text(), subject or f"{role}@local", role, ttl_seconds=ttl_seconds
        )
