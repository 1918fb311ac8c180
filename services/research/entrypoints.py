"""The research service on the broker: its calls, and the events it listens to."""

from services.research import commands, errors, schemas, subscriptions
from services.research.bootstrap import bootstrap
from services.research.events import EVENTS
from shared.errors import NotFound
from shared.events import Meta
from shared.messaging import subscribe
from shared.operations import Operations
from shared.rpc import rpc
from shared.service import Application

READ = "research:read"
RESPOND = "research:respond"


class ResearchService(Operations):
    """Equality answers under a pseudonym, and the indicators made from them."""

    name = "research"
    events = EVENTS
    app = Application(bootstrap)

    @rpc(
        commands.RecordEqualityResponse,
        returns=schemas.RecordedView,
        scope=RESPOND,
        own="pseudonym",
        sensitive=("pseudonym", "answers"),
        errors=(errors.ConsentRequired,),
        writes=True,
    )
    def record_equality_response(
        self, command: commands.RecordEqualityResponse
    ) -> schemas.RecordedView:
        """Keep a person's equality answers, with their consent, in place of earlier ones."""
        return self.app.record_equality_response(command)

    @rpc(
        commands.WithdrawEqualityResponse,
        returns=schemas.WithdrawnView,
        scope=RESPOND,
        own="pseudonym",
        sensitive=("pseudonym",),
        writes=True,
    )
    def withdraw_equality_response(
        self, command: commands.WithdrawEqualityResponse
    ) -> schemas.WithdrawnView:
        """Remove a person's equality answers."""
        return self.app.withdraw_equality_response(command)

    @rpc(
        schemas.RelativeLikelihood,
        returns=schemas.RelativeLikelihoodView,
        scope=READ,
        errors=(NotFound, errors.DisclosureRisk),
    )
    def relative_likelihood(
        self, request: schemas.RelativeLikelihood
    ) -> schemas.RelativeLikelihoodView:
        """Compare how likely two groups are to reach a stage from another."""
        return self.app.relative_likelihood(request)

    @rpc(
        schemas.GetCohort,
        returns=schemas.CohortView,
        scope=READ,
        errors=(NotFound,),
    )
    def get_cohort(self, request: schemas.GetCohort) -> schemas.CohortView:
        """How many applicants are known to have reached each stage of a cohort."""
        return self.app.get_cohort(request)

    @subscribe(subscriptions.StageReached, subscriptions.StageRetracted)
    def on_stage(
        self, event: subscriptions.StageReached | subscriptions.StageRetracted, meta: Meta
    ) -> None:
        """Keep who, by pseudonym, reached which stage."""
        self.app.record_stage(event, meta)

    @subscribe(subscriptions.SelectionProposed)
    def on_proposal(self, event: subscriptions.SelectionProposed, meta: Meta) -> None:  # noqa: ARG002
        """Measure how fair a round would be, before it is released."""
        self.app.measure_fairness(event)

    @subscribe(subscriptions.CohortOpened)
    def on_cohort(self, event: subscriptions.CohortOpened, meta: Meta) -> None:
        """Keep cohorts' titles."""
        self.app.record_cohort(event, meta)

    @subscribe(subscriptions.ExportRequested)
    def on_export(self, event: subscriptions.ExportRequested, meta: Meta) -> None:  # noqa: ARG002
        """Say what a member is given of here: nothing."""
        self.app.contribute(event)

    @subscribe(subscriptions.MemberErased)
    def on_erased(self, event: subscriptions.MemberErased, meta: Meta) -> None:  # noqa: ARG002
        """Say that nothing here leads to a member."""
        self.app.forget_member(event)
