"""What the door gives of the sample data."""

from pydantic import BaseModel


class SampleDataResponse(BaseModel):
    """Whether sample customers are in the desk."""

    are_there: bool
