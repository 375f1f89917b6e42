"""What Prometheus is told."""

from prometheus_client import Gauge, Histogram

HTTP_REQUESTS = Histogram(
    "chat_support_http_request_seconds",
    "Requests by route, method and status; event streams are not among them",
    ["route", "method", "status"],
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
EVENT_STREAMS = Gauge("chat_support_event_streams", "Event streams that are open")
INBOX_EVENTS = Gauge("chat_support_inbox_events", "Webhook events that are not done", ["state"])
OUTBOX_MESSAGES = Gauge(
    "chat_support_outbox_messages", "Messages to WhatsApp that are under way or have failed", ["state"]
)
