"""What kinds there are: of notices, of their recipients and sources, of channels, languages and states."""

from enum import StrEnum


class RecipientKind(StrEnum):
    """Whose contact it is: `id` of a recipient is a volunteer's, school's, account's, unit's, overseer's or a
    member of the staff's id, or a commune's code."""

    VOLUNTEER = "volunteer"
    SCHOOL = "school"
    COMMUNE = "commune"
    ACCOUNT = "account"
    STAFF = "staff"
    OVERSEER = "overseer"  # who follows a group without an account
    UNIT = "unit"


class SourceKind(StrEnum):
    """What a notice is from. A kind added here has its lister in roster_api/notices/sources.py."""

    PLAN = "plan"
    ANSWER = "answer"
    REMINDER = "reminder"
    NEED_REMINDER = "need_reminder"
    SECONDMENT = "secondment"  # an act of telling about decisions: a publication, an extension, an end, a reminder
    RESERVE = "reserve"  # whom a plan's publication leaves in reserve; the id is the plan's
    ATTENDANCE_QUESTION = "attendance_question"
    INVITATION = "invitation"  # a round of inviting or reminding a school's people to say what its list does not
    BLOCKER_STEP = "blocker_step"
    GROUPING = "grouping"  # the publication of oversight groups
    DATA_REQUEST = "data_request"  # what became of a request about one's own data: came in, is due, is answered
    CAMPAIGN_STEP = "campaign_step"  # a reminder that a step of the timeline is overdue
    STARTING_POINT = "starting_point"  # what a school and a commune propose to each other, or agreed
    OFFICE_NOTICE = "office_notice"  # something for one office, at once
    OFFICE_DIGEST = "office_digest"  # what one office is told in a day, together


class NoticeKind(StrEnum):
    PLACEMENT_ASSIGNED = "placement_assigned"
    PLACEMENT_CHANGED = "placement_changed"
    PLACEMENT_WITHDRAWN = "placement_withdrawn"
    PLACEMENT_REMINDER = "placement_reminder"  # to whom has not answered; the placement is as it was told
    PERSON_CANNOT_GO = "person_cannot_go"  # to the school of who said so
    NEED_REMINDER = "need_reminder"  # to a commune that has submitted no need
    SECONDMENT = "secondment"  # to who is seconded
    SECONDMENT_OF_UNIT = "secondment_of_unit"  # to a unit that lends or receives people
    RESERVE = "reserve"  # to who volunteered and has no place: thanked once, held in reserve by the school
    BLOCKER = "blocker"  # to who has it now, or who raised it
    ATTENDANCE_QUESTION = "attendance_question"  # to a school, of days that the commune said nothing of
    DATA_REQUEST = "data_request"  # to who asked about their own data: it came in, it is answered
    DATA_REQUEST_DUE = "data_request_due"  # to who must answer it: a day before its time is over, and after
    INVITATION = "invitation"  # to who is on a school's list: say the rest, by the link
    INVITATION_REMINDER = "invitation_reminder"  # to who was invited and is silent; once
    FIRST_DAY = "first_day"  # to who is placed, two days before it begins
    OFFICE_NOTICE = "office_notice"  # to an office, at once; in words that roster-api wrote
    OFFICE_DIGEST = "office_digest"  # to an office: the day's things that are not urgent, in one mail


class WithdrawalCause(StrEnum):
    """Why a placement was taken off: what the person did themselves is acknowledged, the rest is explained."""

    CANNOT_GO = "cannot_go"  # they said so themselves
    LEFT = "left"  # they do not take part any more: by their own word, or their school's
    REPLANNED = "replanned"  # the plan was made anew without them


class Channel(StrEnum):
    EMAIL = "email"
    SMS = "sms"


class Language(StrEnum):
    VI = "vi"
    EN = "en"


class MessageStatus(StrEnum):
    """A message's life. pending -> claimed -> sending -> sent -> delivered; or failed, unknown, cancelled."""

    PENDING = "pending"  # to be sent at next_attempt_at
    CLAIMED = "claimed"  # a sender holds it; nothing was handed to a provider yet: safe to take back
    SENDING = "sending"  # being handed to the provider; after a crash here nobody can know: becomes unknown
    SENT = "sent"  # the provider took it
    DELIVERED = "delivered"  # the provider's receipt says it arrived
    FAILED = "failed"  # permanent refusal, or retries used up; the reason is stated
    UNKNOWN = "unknown"  # killed between the provider's taking it and our writing so; never blindly resent
    CANCELLED = "cancelled"  # a newer plan made it untrue before it was sent
