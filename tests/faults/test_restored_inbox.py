"""What had come and was not worked off yet when the backup was made."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from config.settings import get_settings
from models import InboundEvent, OutboundMessage, SupportTicket
from models.inbound_event import InboundState
from models.outbound_message import DeliveryState
from services import backup_service
from services.media_storage import get_media_storage
from tests.faults.test_backup import Elsewhere, data_dir
from tests.webhooks import deliver, message, messages_body

__all__ = ["data_dir"]


@pytest.mark.promise("P35")
def test_the_bot_does_not_answer_once_more_what_it_may_have_answered(db: Session, tmp_path: Path) -> None:
    """The desk that was backed up went on, and may have told the customer the number of another ticket."""
    deliver(db, messages_body(message("Chat Support"), message("Hello", **{"from": "2348035550199"})))
    source, elsewhere = tmp_path / "backup", Elsewhere(tmp_path)
    backup_service.make(db.get_bind().engine, get_settings(), get_media_storage(), source)
    assert "messages waited to be sent" in elsewhere.restore(source)
    with elsewhere.opened() as restored:
        assert set(restored.scalars(sa.select(InboundEvent.state))) == {InboundState.DONE}
        assert restored.scalar(sa.select(sa.func.count()).select_from(SupportTicket)) == 1
        assert set(restored.scalars(sa.select(OutboundMessage.state))) == {DeliveryState.UNKNOWN}
