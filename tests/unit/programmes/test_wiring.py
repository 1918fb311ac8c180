"""The service as it is put together: every handler reachable, every call declared."""

import inspect
from typing import Any

import pytest

from services.programmes import commands, schemas
from services.programmes.bootstrap import bootstrap
from services.programmes.entrypoints import ProgrammesService
from services.programmes.handlers import applications, following, learning
from services.programmes.settings import Settings
from services.programmes.subscriptions import MemberAdmitted
from shared.events import load
from shared.outbox import Outbox
from shared.rpc import Contract
from shared.testing import FakeClock, FakeDatabase
from tests.unit.programmes.builders import ANSWERS, COHORT, MEMBER, NOW, PROGRAMME, meta

CALLS: dict[str, Contract] = {
    name: method.contract
    for name, method in vars(ProgrammesService).items()
    if hasattr(method, "contract")
}
# Reached by events, and what handlers share.
NOT_CALLED = {"record_standing", "contribute", "forget_member", "application_of"}
SETTINGS = Settings(
    amqp_uri="amqp://localhost",
    mongodb_uri="mongodb://localhost",
    auth_public_key="-----BEGIN PUBLIC KEY-----",
)


@pytest.fixture
def app() -> Any:
    """The wired handlers over a database in memory."""
    clock = FakeClock(NOW)
    wired = bootstrap(SETTINGS, database=FakeDatabase(), outbox=Outbox("fake", clock), clock=clock)
    for repository in wired.repositories:
        repository.prepare()
    return wired


def test_every_handler_has_its_entrypoint() -> None:
    """Each public handler is a call of the same name, but for those that events reach."""
    public = {
        name
        for module in (applications, following, learning)
        for name, function in vars(module).items()
        if inspect.isfunction(function)
        and function.__module__ == module.__name__
        and not name.startswith("_")
    }
    assert public - NOT_CALLED == set(CALLS)


@pytest.mark.parametrize("name", CALLS)
def test_calls_that_change_something_need_the_scope_to_write(name: str) -> None:
    """Commands are writes under the write scope; everything else reads under the read scope."""
    contract = CALLS[name]
    writes = contract.request.__module__ == commands.__name__
    assert contract.writes is writes
    assert contract.scope == ("programmes:write" if writes else "programmes:read")


def test_members_reach_their_own_applications_and_certificates_and_nothing_else() -> None:
    """An application, and the certificates with their codes, are open to whom they concern."""
    own = {name for name, contract in CALLS.items() if contract.own}
    assert own == {"submit_application", "get_application", "find_certificates"}
    assert {CALLS[name].own for name in own} == {"member_id"}


def test_what_people_write_never_reaches_a_log() -> None:
    """Nor does a code that proves a certificate."""
    sensitive = {name: contract.sensitive for name, contract in CALLS.items() if contract.sensitive}
    assert sensitive == {
        "submit_application": ("answers",),
        "revoke_certificate": ("reason",),
        "verify_certificate": ("code",),
    }


def test_the_wired_service_runs_the_journey(app: Any) -> None:
    """From programme to shortlist over the repositories that production uses."""
    app.record_standing(MemberAdmitted(MEMBER, "doctor", "wales"), meta(4))
    programme = app.create_programme(load(commands.CreateProgramme, PROGRAMME))
    arguments = {**COHORT, "programme_id": programme.programme_id}
    cohort = app.open_cohort(load(commands.OpenCohort, arguments))
    submitted = app.submit_application(
        commands.SubmitApplication(cohort_id=cohort.cohort_id, member_id=MEMBER, answers=ANSWERS)
    )
    application_id = submitted.application_id
    command = commands.Shortlist(cohort_id=cohort.cohort_id, application_ids=(application_id,))
    assert app.shortlist(command).shortlisted == (application_id,)
    page = app.find_applications(schemas.FindApplications(cohort_id=cohort.cohort_id))
    assert [found.status for found in page.items] == ["shortlisted"]
