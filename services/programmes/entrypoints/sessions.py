"""Sessions and who attended them."""

from typing import Any

from services.programmes import errors
from services.programmes.commands import sessions as commands
from services.programmes.schemas import sessions as schemas
from shared.errors import Invalid, NotFound
from shared.rpc import PUBLIC, rpc


class Sessions:
    """Sessions and who attended them."""

    app: Any

    @rpc(
        commands.ScheduleSession,
        returns=schemas.SessionView,
        scope="programmes:write",
        errors=(Invalid, NotFound),
        writes=True,
    )
    def schedule_session(self, command: commands.ScheduleSession) -> schemas.SessionView:
        """Schedule a session of a programme, with its places."""
        return self.app.schedule_session(command)

    @rpc(
        commands.RescheduleSession,
        returns=schemas.SessionView,
        scope="programmes:write",
        sensitive=("reason",),
        errors=(Invalid, NotFound, errors.SessionCalledOff, errors.SessionBegun),
        writes=True,
    )
    def reschedule_session(self, command: commands.RescheduleSession) -> schemas.SessionView:
        """Move a session to another time or place; bookings stay."""
        return self.app.reschedule_session(command)

    @rpc(
        commands.CancelSession,
        returns=schemas.SessionView,
        scope="programmes:write",
        sensitive=("reason",),
        errors=(NotFound, errors.SessionWasHeld),
        writes=True,
    )
    def cancel_session(self, command: commands.CancelSession) -> schemas.SessionView:
        """Call a session off, with all its bookings."""
        return self.app.cancel_session(command)

    @rpc(
        commands.RecordAttendance,
        returns=schemas.AttendanceView,
        scope="programmes:write",
        errors=(
            Invalid,
            NotFound,
            errors.SessionCalledOff,
            errors.SessionNotHeld,
            errors.MemberNotKnown,
            errors.NotExpected,
            errors.NoWalkIns,
            errors.RegisterClosed,
        ),
        writes=True,
    )
    def record_attendance(self, command: commands.RecordAttendance) -> schemas.AttendanceView:
        """Record who attended a session, until its register is closed."""
        return self.app.record_attendance(command)

    @rpc(
        commands.CorrectAttendance,
        returns=schemas.AttendanceRecord,
        scope="programmes:write",
        sensitive=("reason",),
        errors=(
            Invalid,
            NotFound,
            errors.SessionCalledOff,
            errors.SessionNotHeld,
            errors.MemberNotKnown,
        ),
        writes=True,
    )
    def correct_attendance(self, command: commands.CorrectAttendance) -> schemas.AttendanceRecord:
        """Put right that and how somebody attended, also after the register was closed."""
        return self.app.correct_attendance(command)

    @rpc(
        commands.RetractAttendance,
        returns=schemas.AttendanceRecord,
        scope="programmes:write",
        sensitive=("reason",),
        errors=(NotFound, errors.NotAttended),
        writes=True,
    )
    def retract_attendance(self, command: commands.RetractAttendance) -> schemas.AttendanceRecord:
        """Take back an attendance that was recorded by mistake."""
        return self.app.retract_attendance(command)

    @rpc(
        commands.CloseRegister,
        returns=schemas.SessionView,
        scope="programmes:write",
        errors=(NotFound, errors.SessionCalledOff, errors.SessionNotHeld),
        writes=True,
    )
    def close_register(self, command: commands.CloseRegister) -> schemas.SessionView:
        """Say that all who attended are on record."""
        return self.app.close_register(command)

    @rpc(
        schemas.GetSession,
        returns=schemas.SessionView,
        scope=PUBLIC,
        errors=(NotFound,),
        writes=False,
    )
    def get_session(self, request: schemas.GetSession) -> schemas.SessionView:
        """One session."""
        return self.app.get_session(request)

    @rpc(
        schemas.FindSessions,
        returns=schemas.SessionPage,
        scope=PUBLIC,
        errors=(Invalid,),
        writes=False,
    )
    def find_sessions(self, request: schemas.FindSessions) -> schemas.SessionPage:
        """Sessions in the order in which they begin."""
        return self.app.find_sessions(request)

    @rpc(
        schemas.FindAttendance,
        returns=schemas.AttendancePage,
        scope="programmes:read",
        errors=(Invalid, NotFound),
        writes=False,
    )
    def find_attendance(self, request: schemas.FindAttendance) -> schemas.AttendancePage:
        """Who attended a session."""
        return self.app.find_attendance(request)
