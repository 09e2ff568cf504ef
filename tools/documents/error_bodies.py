"""Bodies of error responses, as `runtime.http_gateway` writes them; only the OpenAPI document needs types."""

from pydantic import Field

from oo.contract.fields import Body


class Problem(Body):
    """An error with its machine-readable code."""

    detail: str
    code: str


class InvalidField(Body):
    """One error in a request's body; never the value itself."""

    type: str
    loc: list[str | int] = Field(description='Where it is, beginning with "body".')
    msg: str


class InvalidRequest(Body):
    """All errors in a request's body."""

    detail: list[InvalidField] | str = Field(
        description="A text where a value is well-formed and names what the service does not have."
    )
    code: str = "invalid_request"
