"""The customer service window: free text reaches a customer for 24 hours after their last message."""

from datetime import datetime, timedelta

WINDOW = timedelta(hours=24)
"""Meta's rule for the Cloud API; afterwards only approved templates are delivered (error 131047)."""


def window_expires_at(last_customer_message_at: datetime | None) -> datetime | None:
    """The end of the window, from Meta's time of the customer's last message; None if they never wrote."""
    return last_customer_message_at + WINDOW if last_customer_message_at else None


def is_open(last_customer_message_at: datetime | None, now: datetime) -> bool:
    """Whether free text may be sent. At the very end of the 24 hours it may not."""
    expires_at = window_expires_at(last_customer_message_at)
    return expires_at is not None and now < expires_at
