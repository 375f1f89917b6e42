"""The one shape of every JSON answer."""

from typing import Generic, Literal, TypeVar

from pydantic import BaseModel

T = TypeVar("T")


class Success(BaseModel, Generic[T]):
    """What a call gives back when it went well, with HTTP status 200."""

    status: Literal["success"] = "success"
    message: str
    data: T


class Detail(BaseModel):
    """What is wrong with one field, or how one part of the service is doing."""

    field: str
    message: str


class Failure(BaseModel):
    """What a call gives back when it did not go well, with an HTTP status of 400 or more."""

    status: Literal["error"] = "error"
    message: str
    code: str
    details: list[Detail] = []


def success(data: T, message: str = "OK") -> Success[T]:
    """Wrap what a route has to give; `message` is a sentence for a person."""
    return Success(message=message, data=data)
