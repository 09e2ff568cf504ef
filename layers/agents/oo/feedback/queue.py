"""Sender to the feedback queue or to its dead-letter queue."""

from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from oo.errors import FeedbackUnavailable

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


class FeedbackQueue:
    """Sends single messages to the queue at `url`."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    def send(self, body: str) -> None:
        """Send one message. Raises FeedbackUnavailable."""
        try:
            self._client.send_message(QueueUrl=self._url, MessageBody=body)
        except ClientError as error:
            raise FeedbackUnavailable(error.response.get("Error", {}).get("Code", "ClientError")) from error
        except BotoCoreError as error:
            raise FeedbackUnavailable(type(error).__name__) from error
