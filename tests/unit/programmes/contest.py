"""A cohort on its way from reviews over interviews and sheets of marks to its final ranking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tests.unit.programmes.panels import Panelled

AT = datetime.fromisoformat("2027-03-01T10:00:00+00:00")
PANEL = ("reviewer-0", "reviewer-1")
SCORES = {"leadership": 4, "motivation": 4}
REASON = "Seen the marking sheet and spoken to who marked it."


class Contest(Panelled):
    """A world in which there is a selection."""

    @classmethod
    def reviewed(cls, points: Sequence[int], **rubric: Any) -> Contest:
        """An application for each of these points, which every reviewer gave; ranked by review."""
        world = cls.of(len(points), 2, **rubric)
        assert isinstance(world, Contest)
        world.allocate()
        for application_id, number in zip(world.applications, points, strict=True):
            for review in world.live(application_id):
                world.score(review, number)
        world.close()
        world.rank()
        return world

    @classmethod
    def at_interviews(cls, points: Sequence[int], **rubric: Any) -> Contest:
        """The same with everybody on the short list, each with an hour for an interview."""
        world = cls.reviewed(points, **rubric)
        world.shortlist(application_ids=list(world.applications))
        return world

    def shortlist(self, **arguments: Any) -> Any:
        return self.call("shortlist", cohort_id=self.cohort_id, **arguments)

    def status(self, *application_ids: str) -> list[str]:
        """How far applications have come."""
        return [self.application(id).status.value for id in application_ids or self.applications]

    def slot(self, after: float = 0, **changes: Any) -> dict[str, Any]:
        """A slot so many hours after the first."""
        starts_at = AT + timedelta(hours=after)
        arguments = {"starts_at": starts_at, "minutes": 45, "mode": "online", "panel": PANEL}
        return {**arguments, **changes}

    def add(self, *slots: dict[str, Any], **arguments: Any) -> list[str]:
        """The ids of new slots."""
        wanted = list(slots) or [self.slot()]
        made = self.call("add_slots", cohort_id=self.cohort_id, slots=wanted, **arguments)
        return list(made.slot_ids)

    def member_of(self, application_id: str) -> str:
        return str(self.application(application_id).member_id)

    def book(self, slot_id: str, application_id: str, **arguments: Any) -> Any:
        """The applicant books a slot."""
        member_id = self.member_of(application_id)
        return self.call(
            "book_slot", by=member_id, slot_id=slot_id, member_id=member_id, **arguments
        )

    def holds(self, application_id: str) -> str | None:
        """The slot that an application has, if there is no change in hand."""
        held = [
            each
            for each in self.repository("interview_slots").scan({"cohort_id": self.cohort_id})
            if each.application_id == application_id
        ]
        assert len(held) <= 1, "two slots"
        return held[0].id if held else None

    def interview(self, points: Mapping[str, int]) -> None:
        """Book, hold and score an interview of each of these applications."""
        ids = self.add(*(self.slot(number) for number in range(len(points))))
        for slot_id, application_id in zip(ids, points, strict=True):
            self.book(slot_id, application_id)
        self.clock.now = AT + timedelta(hours=len(points))
        for slot_id, number in zip(ids, points.values(), strict=True):
            for reviewer_id in PANEL:
                self.mark(slot_id, reviewer_id, leadership=number, motivation=number)

    def mark(self, slot_id: str, reviewer_id: str = PANEL[0], **scores: int) -> Any:
        """Somebody of the panel scores an interview."""
        given = scores or SCORES
        return self.call("score_interview", by=reviewer_id, slot_id=slot_id, scores=given)

    def sheet(self, values: Sequence[object], **changes: Any) -> dict[str, Any]:
        """A sheet with a mark for each application, out of a hundred."""
        column = {"kind": "score", "lowest": 0, "highest": 100, "higher_is_better": True}
        rows = [
            {"application_id": id, "value": str(value)}
            for id, value in zip(self.applications, values, strict=True)
        ]
        return {
            "name": changes.pop("name", "judgement"),
            "marked_by": "Invented Assessments",
            "instrument": "Situational judgement test",
            "column": {**column, **changes},
            "rows": rows,
        }

    def take_in(self, sheet: dict[str, Any], *, by: str = "importer", **arguments: Any) -> Any:
        return self.call("import_scores", by=by, cohort_id=self.cohort_id, sheet=sheet, **arguments)

    def take_in_confirmed(self, sheet: dict[str, Any]) -> Any:
        """Take a sheet in that is held, as nothing shows its direction, and let it count."""
        taken = self.take_in(sheet)
        assert [each.code for each in taken.alarms] == ["direction_not_shown"]
        self.call("confirm_scores", by="second", sheet_id=taken.sheet_id, reason="Seen.")
        return taken

    def finish(self, *parts: tuple[str, int], **arguments: Any) -> Any:
        """Make the final ranking of these parts with their weights."""
        weights = [{"name": name, "weight": weight} for name, weight in parts]
        given = {"weights": weights, "reject_rest": False, **arguments}
        return self.call("rank_final", cohort_id=self.cohort_id, **given)

    def verify(self, stage: str = "final") -> Any:
        return self.call("verify_ranking", cohort_id=self.cohort_id, stage=stage)

    def suspend(self, application_id: str) -> None:
        self.repository("applications").change(
            application_id, lambda found: found.pause(self.clock())
        )

    def drop_out(self, application_id: str) -> None:
        self.bring(application_id, "withdrawn")
