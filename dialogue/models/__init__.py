"""Everything stored by the dialogue app, by its name."""

from dialogue.models.bulk_mail import BulkMail
from dialogue.models.cohorts import Cohort, Membership
from dialogue.models.contact import ContactChoice, DomainPace, FailingAddress, LineCode, LineLink
from dialogue.models.outbox import AuditEntry, OutboundMessage
from dialogue.models.participation import AvailabilityWindow, ConsentRecord, Facilitation, PairWish, Participation
from dialogue.models.people import Affiliation, Organisation, Partner, Person
from dialogue.models.programmes import ClosedDay, Generation, Programme, StaffRole, Term
from dialogue.models.prompts import Deck, OwnDeck, Prompt
from dialogue.models.sign_up import (
    AvailabilityException,
    Guardianship,
    IdentityCheck,
    JoinLink,
    NamedSlot,
    SignUpDraft,
    SlotAnswer,
)
from dialogue.models.tokens import ApiToken
from dialogue.models.uploads import FormMapping, UploadedRoster
from dialogue.models.values import ValueSort

__all__ = [
    "Affiliation",
    "ApiToken",
    "AuditEntry",
    "AvailabilityException",
    "AvailabilityWindow",
    "BulkMail",
    "ClosedDay",
    "Cohort",
    "ConsentRecord",
    "ContactChoice",
    "Deck",
    "DomainPace",
    "Facilitation",
    "FailingAddress",
    "FormMapping",
    "Generation",
    "Guardianship",
    "IdentityCheck",
    "JoinLink",
    "LineCode",
    "LineLink",
    "Membership",
    "NamedSlot",
    "Organisation",
    "OutboundMessage",
    "OwnDeck",
    "PairWish",
    "Participation",
    "Partner",
    "Person",
    "Programme",
    "Prompt",
    "SignUpDraft",
    "SlotAnswer",
    "StaffRole",
    "Term",
    "UploadedRoster",
    "ValueSort",
]
