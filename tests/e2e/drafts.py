"""Drafts to write on, each a new one.

drafts.begun(world)["application_id"]
"""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.e2e.world import World, invent

QUESTIONS = [
    {"id": "why", "prompt": "Why?", "max_words": 50},
    {"id": "cv", "prompt": "Your CV", "kind": "attachment", "required": False},
]
TEXT = base64.b64encode(b"Invented CV.").decode()


def begun(world: World) -> dict[str, Any]:
    """A member's draft: ids of cohort, application and member."""
    (member_id,) = world.admit([invent()])
    cohort_id = world.open_cohort(questions=QUESTIONS)
    made = world.call(
        "programmes.start_application",
        token=world.member(member_id),
        cohort_id=cohort_id,
        member_id=member_id,
    )
    return {
        "cohort_id": cohort_id,
        "application_id": made["application_id"],
        "member_id": member_id,
    }


def own(world: World) -> dict[str, Any]:
    """A new draft as its member names it."""
    draft = begun(world)
    return {"application_id": draft["application_id"], "member_id": draft["member_id"]}


def file_of(arguments: dict[str, Any]) -> dict[str, Any]:
    """A file to be attached to a draft."""
    return {
        **arguments,
        "question_id": "cv",
        "name": "cv.txt",
        "media_type": "text/plain",
        "content": TEXT,
    }


def attached(world: World) -> dict[str, Any]:
    """A draft with a file, by which both can be asked for."""
    arguments = own(world)
    made = world.call("programmes.attach_file", token=world.staff, **file_of(arguments))
    return {**arguments, "attachment_id": made["attachment_id"]}


def submitted(world: World) -> str:
    """An application that was handed in; its id."""
    (member_id,) = world.admit([invent()])
    (made,) = world.calls([world.application(world.open_cohort(), member_id)])
    return str(made["application_id"])


def soon() -> str:
    """An instant in a week."""
    return (datetime.now(UTC) + timedelta(days=7)).isoformat()
