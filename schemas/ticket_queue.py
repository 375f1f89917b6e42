"""How much is in the queues of the list of tickets."""

from pydantic import BaseModel

from services.ticket_filter import CappedCount
from services.ticket_list_service import Queue, QueueCounts


class TicketCount(BaseModel):
    """How many there are, exact up to 1,000; `is_capped` says that there are more."""

    count: int
    is_capped: bool

    @classmethod
    def of(cls, counted: CappedCount) -> "TicketCount":
        """The same for a door."""
        return cls(count=counted.count, is_capped=counted.is_capped)


class TicketQueues(BaseModel):
    """The numbers beside the queues of the admin who asks; `unread`: live tickets with unread messages."""

    queues: dict[Queue, TicketCount]
    unread: TicketCount

    @classmethod
    def of(cls, counts: QueueCounts) -> "TicketQueues":
        """The same for a door."""
        queues = {queue: TicketCount.of(counted) for queue, counted in counts.queues.items()}
        return cls(queues=queues, unread=TicketCount.of(counts.unread))
