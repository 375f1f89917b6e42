"""The facts. Importing this package makes every table known to `Base.metadata`."""

from config.database import Base
from models.account_event import AccountEvent
from models.admin import Admin, AdminInvite, AdminSession, ApiToken, LoginAttempt, RecoveryCode
from models.audit_entry import AuditEntry
from models.canned_reply import CannedReply
from models.contact import Contact, ContactIdentity
from models.conversation import Conversation
from models.desk_event import DeskEvent, EventSequence
from models.desk_setting import DeskSetting
from models.erasure import ErasedIdentity, Erasure
from models.graph_task import GraphTask
from models.inbound_event import InboundEvent
from models.lease import Lease
from models.media_file import MediaFile
from models.message_reaction import MessageReaction
from models.message_template import MessageTemplate
from models.outbound_message import OutboundMessage
from models.support_ticket import SupportMessage, SupportTicket
from models.tag import Tag, TicketTag

__all__ = [
    "AccountEvent",
    "Admin",
    "AdminInvite",
    "AdminSession",
    "ApiToken",
    "AuditEntry",
    "Base",
    "CannedReply",
    "Contact",
    "ContactIdentity",
    "Conversation",
    "DeskEvent",
    "DeskSetting",
    "ErasedIdentity",
    "Erasure",
    "EventSequence",
    "GraphTask",
    "InboundEvent",
    "Lease",
    "LoginAttempt",
    "MediaFile",
    "MessageReaction",
    "MessageTemplate",
    "OutboundMessage",
    "RecoveryCode",
    "SupportMessage",
    "SupportTicket",
    "Tag",
    "TicketTag",
]
