"""Lambda's context object, for tests that call handlers in process."""

from dataclasses import dataclass


@dataclass
class FakeContext:
    """A Lambda context with a constant `remaining_ms`."""

    function_name: str = "function-under-test"
    function_version: str = "$LATEST"
    memory_limit_in_mb: int = 1024
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:123456789012:function:function-under-test"
    aws_request_id: str = "52fdfc07-2182-154f-163f-5f0f9a621d72"
    tenant_id: str | None = None
    remaining_ms: int = 35_000

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until Lambda ends the call."""
        return self.remaining_ms
