"""What can go wrong in notifications beyond the shared errors."""

from shared.errors import FacultyError, Refused, Unavailable


class TemplateRefused(FacultyError):
    """A template, or what was to be put into it, does not fit its declaration."""

    code = "notifications.template_refused"


class NotClaimable(Refused):
    """The message is being sent by somebody else, is finished, or is not due yet."""

    code = "notifications.not_claimable"


class MailRefused(Refused):
    """The mail server refused this message for good."""

    code = "notifications.mail_refused"

    def __init__(self, smtp_code: int | None = None) -> None:
        super().__init__(smtp_code=smtp_code)
        self.smtp_code = smtp_code


class MailDeferred(Unavailable):
    """The mail server could not be reached or cannot take the message now."""

    code = "notifications.mail_deferred"

    def __init__(self, smtp_code: int | None = None) -> None:
        super().__init__(smtp_code=smtp_code)
        self.smtp_code = smtp_code
