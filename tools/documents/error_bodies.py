"""Bodies of answers that are errors, as `runtime.http_gateway` and API Gateway write them, for the OpenAPI document."""

from typing import Literal

from pydantic import Field

from oo.contract.fields import Body
from tools.documents.error_texts import TEXTS


class InvalidField(Body):
    """One error in a request's body; never the value itself."""

    type: str = Field(description="A word for the kind of problem; `too_many_problems` counts those left out.")
    loc: list[str | int] = Field(description='Its place, beginning with "body".', examples=[["body", "user_id"]])
    msg: str = Field(description="A sentence for people.", examples=["Field required"])


class InvalidRequest(Body):
    """All errors in a request's body."""

    detail: list[InvalidField] = Field(description="At most 20 problems, then one that counts the others.")
    code: Literal["invalid_request"] = Field(
        description=f"- `invalid_request`: {TEXTS['invalid_request'].meaning} Retry: {TEXTS['invalid_request'].retry}"
    )


class GatewayMessage(Body):
    """API Gateway's own answer: no function ran, or none answered. It has no `code` and no header `x-trace-id`."""

    message: str = Field(description="A sentence of API Gateway.", examples=["Too Many Requests"])
