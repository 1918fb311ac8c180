"""Bytes come back as they were, however many and however often they were put."""

from __future__ import annotations

from typing import Any

import pytest

from shared import blobs
from shared.testing.behaviour.things import THREADS, Suite, at_once


class Files(blobs.Blobs):
    """Bytes of these tests."""

    collection = "files"


class Blobs(Suite):
    """Instances of a service that keep bytes in one store."""

    @pytest.mark.parametrize("size", [0, 1, 2, 3, 4, 100])
    def test_bytes_come_back(
        self, database: Any, monkeypatch: pytest.MonkeyPatch, size: int
    ) -> None:
        """In parts, beyond nine of them in order; others' are others'."""
        monkeypatch.setattr(blobs, "PART_BYTES", 3)
        files = Files(database)
        files.prepare()
        content = bytes(range(size))
        files.put("one", content)
        files.put("other", b"other")
        files.put("one", content)
        assert files.get("one") == content
        assert files.get("other") == b"other"
        files.remove("one")
        files.remove("one")
        assert files.get("one") == b""
        assert files.get("other") == b"other"

    def test_many_put_the_same_at_once(self, database: Any) -> None:
        """And it is there once."""
        files = Files(database)
        files.prepare()
        content = bytes(range(256)) * 64
        at_once(lambda: files.put("one", content) for _ in range(THREADS))
        assert files.get("one") == content
