"""What the doors take of notes; they give a note as a message of its kind."""

from schemas.support_ticket import SupportMessageCreate


class NoteCreate(SupportMessageCreate):
    """Words for the people at the desk; the same `client_id` again gives back the first note."""
