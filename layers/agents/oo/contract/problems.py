"""Bodies of the answers that are errors."""

from pydantic import Field

from oo.contract.fields import Body


class Problem(Body):
    """An error with its machine-readable code."""

    detail: str
    code: str


class InvalidField(Body):
    """One thing that is wrong with a request's body; never the value itself."""

    type: str
    loc: list[str | int] = Field(description='Where it is, beginning with "body".')
    msg: str


class InvalidRequest(Body):
    """Everything that is wrong with a request's body."""

    detail: list[InvalidField]
    code: str = "invalid_request"
