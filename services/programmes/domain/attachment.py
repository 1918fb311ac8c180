"""Files that go with an application: what they may be, and that they are what they say."""

from __future__ import annotations

import hashlib
import re
import struct
import unicodedata
import zipfile
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from services.programmes.domain.question import MediaType, Question, QuestionKind
from shared.errors import Invalid

_LONGEST_NAME = 120
# In names of files by some system or other.
_RESERVED = '<>:"|?*'
# Of a Word document, which is a ZIP archive; one with macros has another media type.
_WORD, _MACROS = "word/document.xml", "word/vbaProject.bin"
# What zipfile says of bytes that are nearly an archive.
_NO_ARCHIVE = (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError, struct.error)


_ENDINGS = {
    MediaType.PDF: "pdf",
    MediaType.PNG: "png",
    MediaType.JPEG: "jpg",
    MediaType.WORD: "docx",
    MediaType.TEXT: "txt",
}
_BEGINNINGS = {
    MediaType.PDF: b"%PDF-",
    MediaType.PNG: b"\x89PNG\r\n\x1a\n",
    MediaType.JPEG: b"\xff\xd8\xff",
}


@dataclass(frozen=True)
class Attachment:
    """A file by reference: ``size`` in bytes, ``sha256`` of its content in hexadecimal."""

    id: str
    question_id: str
    name: str
    media_type: MediaType
    size: int
    sha256: str
    attached_at: datetime


def attachment(
    id: str, question: Question, name: str, media_type: MediaType, content: bytes, now: datetime
) -> Attachment:
    """The reference of a file that answers a question, or Invalid naming every fault."""
    faults: dict[str, list[str]] = {}
    if question.kind is not QuestionKind.ATTACHMENT:
        faults["question_id"] = ["This question takes no file."]
    elif question.media_types and media_type not in question.media_types:
        faults["media_type"] = [f"Must be one of: {', '.join(question.media_types)}."]
    elif not content:
        faults["content"] = ["The file is empty."]
    elif len(content) > question.max_bytes:
        most = question.max_bytes
        faults["content"] = [f"Has {len(content)} bytes; at most {most} are allowed."]
    elif not _is(media_type, content):
        faults["content"] = [f"Is not what {media_type.value} says."]
    if faults:
        raise Invalid("The file cannot be attached.", fields=faults)
    digest = hashlib.sha256(content).hexdigest()
    tidy = tidy_name(name, media_type)
    return Attachment(id, question.id, tidy, media_type, len(content), digest, now)


def tidy_name(name: str, media_type: MediaType) -> str:
    """A name that is safe to save a file under, with the ending of its type.

    >>> tidy_name("../../CV (final).PDF", MediaType.PDF)
    'CV (final).pdf'
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    printable = "".join(each for each in last if each.isprintable() and each not in _RESERVED)
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", printable).strip(" .")
    return f"{stem[:_LONGEST_NAME] or 'file'}.{_ENDINGS[media_type]}"


def _is(media_type: MediaType, content: bytes) -> bool:
    if media_type in _BEGINNINGS:
        return content.startswith(_BEGINNINGS[media_type])
    if media_type is MediaType.WORD:
        return _is_word(content)
    try:
        return "\x00" not in content.decode()
    except UnicodeDecodeError:
        return False


def _is_word(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = archive.namelist()
    except _NO_ARCHIVE:
        return False
    return _WORD in names and _MACROS not in names
