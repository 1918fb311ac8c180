"""The composition root: handlers wired to their repositories, projection and clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from services.programmes.bootstrap.use_cases import USE_CASES
from services.programmes.domain.application_rules import ApplicationRules
from services.programmes.domain.certificate import new_code
from services.programmes.domain.feedback import FeedbackPolicy
from services.programmes.domain.outcome import OutcomeCodes
from services.programmes.domain.panel import new_seed
from services.programmes.domain.placement_rules import PlacementRules
from services.programmes.domain.selection_rules import SelectionRules
from services.programmes.domain.talent import PoolRules
from services.programmes.domain.vocabulary import Vocabulary
from services.programmes.handlers.adjusting import erase_adjustments
from services.programmes.handlers.attaching import Attached, clear_uploads
from services.programmes.handlers.bookings import go_on_with_bookings
from services.programmes.handlers.box_office import BoxOffice
from services.programmes.handlers.cohorts import close_windows
from services.programmes.handlers.desk import Desk
from services.programmes.handlers.gate import Gate
from services.programmes.handlers.importing import score_alarms
from services.programmes.handlers.matching import Matching
from services.programmes.handlers.offering import Offering
from services.programmes.handlers.offers import expire_offers, pause_offers, release_offers
from services.programmes.handlers.opportunities import close_opportunities
from services.programmes.handlers.placements import pause_placements, start_placements
from services.programmes.handlers.placing import Placing
from services.programmes.handlers.planning import Planning
from services.programmes.handlers.printing import Printing
from services.programmes.handlers.reversing import finish_rounds
from services.programmes.handlers.review_desk import ReviewDesk
from services.programmes.handlers.review_gaps import release_reviews
from services.programmes.handlers.selecting import Selecting
from services.programmes.handlers.sessions import settle_sessions
from services.programmes.handlers.settling import release_slots, settle_changes
from services.programmes.handlers.stays import Stays, settle_stays
from services.programmes.handlers.turns import Pace
from services.programmes.handlers.verifying import changed_places
from services.programmes.handlers.writing import take_turns
from services.programmes.press import press_of
from services.programmes.reference import load_redaction, load_rules, load_workflows
from services.programmes.repository import (
    Alumni,
    Answers,
    Applications,
    Attendances,
    Bookings,
    Certificates,
    Cohorts,
    Fairness,
    Feedbacks,
    Fellows,
    Holdings,
    HostRankings,
    Hosts,
    Interests,
    Matches,
    MatchInputs,
    MatchResults,
    Moderations,
    OfferRounds,
    Offers,
    Opportunities,
    Outcomes,
    Panels,
    People,
    Placements,
    Places,
    PreferenceLists,
    Programmes,
    Rankings,
    Reports,
    Reviewers,
    Reviews,
    Seats,
    Sessions,
    Standings,
    Talents,
    TalentSearches,
    Travels,
    Workflows,
)
from services.programmes.repository.applications import Files, Uploads
from services.programmes.repository.histories import Histories
from services.programmes.repository.matching import results_of
from services.programmes.repository.selection import (
    AdjustmentRequests,
    Bases,
    Diaries,
    Interviews,
    PanelMarks,
    Sheets,
    Shortlists,
    Slots,
    marks_of,
)
from services.programmes.settings import Settings
from shared.events import Clock
from shared.offload import offload
from shared.service import wire
from shared.timers import Leases
from shared.trial import TrialClock


def bootstrap(
    settings: Settings,
    *,
    database: Any,
    outbox: Any,
    clock: Clock,
    offload: Callable[..., Any] = offload,
) -> Any:
    """The handlers, ready to be called with a command alone."""
    zone, real = ZoneInfo(settings.time_zone), clock
    trial = TrialClock(database, real) if settings.trial_clock else None
    clock = trial or real

    def today() -> date:
        return clock().astimezone(zone).date()

    offered = Programmes(database, outbox)
    workflows = Workflows(database, outbox, load_workflows())
    rounds, hosts = Cohorts(database, outbox), Hosts(database, outbox)
    written_rules = list(load_rules("applications", ApplicationRules).values())[-1]
    made = Applications(database, outbox, written_rules)
    sessions = Sessions(database, outbox)
    attendances = Attendances(database, outbox)
    certificates = Certificates(database, outbox)
    reservations, board = Bookings(database, outbox), Opportunities(database, outbox)
    travels, feedbacks = Travels(database, outbox), Feedbacks(database, outbox)
    seats = Seats(database)
    answers, standings = Answers(database, outbox), Standings(database)
    box_office = BoxOffice(sessions, reservations, seats, attendances, standings, clock)
    people, rankings = People(database), Rankings(database, outbox)
    fairness = Fairness(database)
    offers = Offers(database, outbox)
    leases = Leases(database, real)
    pool, interests = Reviewers(database, outbox), Interests(database, outbox)
    panels, reviews = Panels(database, outbox), Reviews(database, outbox)
    moderations = Moderations(database, outbox)
    desk = Desk(offered, rounds, made, workflows, standings, clock, today)
    review_desk = ReviewDesk(desk, pool, interests, panels, reviews, moderations, offload)
    offering = Offering(desk, offers, OfferRounds(database, outbox), Places(database))
    placed, fellows = Placements(database, outbox), Fellows(database, outbox)
    written, joined = Reports(database, outbox), Alumni(database, outbox)
    outcomes, talents = Outcomes(database, outbox), Talents(database, outbox)
    searches = TalentSearches(database, outbox)
    held = Stays(hosts, fellows, placed, standings, clock)
    placing = Placing(desk, placed, written, held, load_rules("placements", PlacementRules))
    selecting = Selecting(
        desk,
        review_desk,
        rankings,
        Shortlists(database, outbox),
        Slots(database, outbox),
        Diaries(database, outbox),
        Interviews(database, outbox),
        PanelMarks(database, outbox),
        AdjustmentRequests(database, outbox),
        Sheets(database, outbox),
        Bases(database, outbox),
        load_rules("selection", SelectionRules),
        offload,
    )
    wishes = PreferenceLists(database, outbox)
    hosts_wishes = HostRankings(database, outbox)
    matching = Matching(
        desk,
        rankings,
        selecting.bases,
        wishes,
        hosts_wishes,
        MatchInputs(database, outbox),
        Matches(database, outbox),
        MatchResults(database, outbox),
        offload,
        offering.rounds.match_released,
    )
    planning = Planning(offering, matching.matches, matching.instance)
    gate = Gate(
        planning,
        fairness,
        partial(score_alarms, selecting=selecting),
        partial(changed_places, selecting=selecting),
    )
    withdrawing = (
        partial(release_offers, offering),
        partial(release_reviews, review_desk),
        partial(release_slots, selecting),
    )
    attached = Attached(desk, Files(database), Uploads(database), written_rules)
    kept = (
        offered,
        workflows,
        rounds,
        hosts,
        made,
        attached.files,
        attached.uploads,
        pool,
        interests,
        panels,
        reviews,
        moderations,
        rankings,
        *selecting.repositories,
        wishes,
        hosts_wishes,
        matching.inputs,
        matching.matches,
        matching.results,
        fairness,
        sessions,
        attendances,
        reservations,
        seats,
        travels,
        feedbacks,
        certificates,
        board,
        offers,
        offering.rounds,
        offering.places,
        placed,
        fellows,
        written,
        joined,
        outcomes,
        talents,
        searches,
        standings,
        people,
        answers,
        leases,
    )
    return wire(
        *USE_CASES,
        repositories=kept,
        histories=Histories(kept),
        desk=desk,
        attached=attached,
        programmes=offered,
        workflows=workflows,
        vocabulary=list(load_rules("vocabulary", Vocabulary).values())[-1],
        cohorts=rounds,
        hosts=hosts,
        review_desk=review_desk,
        selecting=selecting,
        matching=matching,
        preferences=wishes,
        host_rankings=hosts_wishes,
        offload=offload,
        reviewers=pool,
        interests=interests,
        panels=panels,
        reviews=reviews,
        make_seed=new_seed,
        redaction=load_redaction(),
        sessions=sessions,
        attendances=attendances,
        certificates=certificates,
        bookings=reservations,
        box_office=box_office,
        travels=travels,
        feedbacks=feedbacks,
        feedback_forms=load_rules("feedback", FeedbackPolicy),
        opportunities=board,
        offers=offers,
        offering=offering,
        planning=planning,
        gate=gate,
        printing=Printing(desk, people, press_of(settings), offload),
        placing=placing,
        withdrawing=withdrawing,
        pausing=(
            partial(pause_offers, offering),
            partial(pause_placements, placing),
        ),
        alumni=joined,
        outcomes=outcomes,
        outcome_codes=list(load_rules("outcomes", OutcomeCodes).values())[-1],
        talents=talents,
        talent_searches=searches,
        pool_rules=list(load_rules("talent_pool", PoolRules).values())[-1],
        standings=standings,
        people=people,
        rankings=rankings,
        fairness=fairness,
        holdings=Holdings(
            disclosed_from=(
                made,
                reviews,
                moderations,
                selecting.interviews,
                selecting.marks,
                selecting.slots,
                selecting.adjustments,
                interests,
                pool,
                wishes,
                offers,
                attendances,
                reservations,
                travels,
                feedbacks,
                certificates,
                placed,
                fellows,
                written,
                joined,
                outcomes,
                talents,
            ),
            forgotten_in=(
                made,
                reviews,
                wishes,
                matching.results,
                moderations,
                selecting.interviews,
                selecting.marks,
                selecting.slots,
                selecting.adjustments,
                interests,
                pool,
                offers,
                attendances,
                reservations,
                travels,
                feedbacks,
                certificates,
                placed,
                written,
                joined,
                outcomes,
                talents,
            ),
            standings=standings,
            people=people,
            parts=(
                partial(marks_of, made, selecting.sheets),
                partial(results_of, made, matching.results, matching.released),
            ),
        ),
        answers=answers,
        clock=clock,
        trial=trial,
        today=today,
        make_code=new_code,
        leases=leases,
        lease=timedelta(seconds=settings.tick_lease_seconds),
        pace=Pace(settings.tick_turns),
        steps={
            "close_windows": partial(close_windows, desk),
            "take_turns": partial(take_turns, attached, withdrawing),
            "clear_uploads": partial(clear_uploads, attached),
            "settle_changes": partial(settle_changes, selecting),
            "erase_adjustments": partial(erase_adjustments, selecting),
            "expire_offers": partial(expire_offers, offering),
            "finish_rounds": partial(finish_rounds, offering),
            "start_placements": partial(start_placements, placing),
            "settle_hosts": partial(settle_stays, held, hosts),
            "settle_fellows": partial(settle_stays, held, fellows),
            "go_on_with_bookings": partial(go_on_with_bookings, box_office),
            "settle_sessions": partial(settle_sessions, box_office),
            "close_opportunities": partial(close_opportunities, board, clock),
        },
    )
