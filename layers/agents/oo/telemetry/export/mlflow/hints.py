"""An operator's next step after a response of MLflow that did not accept a trace."""

from http import HTTPStatus

HOST_CHECK = "The server's host check refused the name in MLFLOW_TRACKING_URI: start the server with --allowed-hosts"
SIGN_IN = (
    "The server rejects the sign-in: check the secret of MlflowCredentialsSecretArn, or"
    " MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and _PASSWORD"
)
NO_EDIT = "The sign-in needs the permission EDIT on the experiment of MLFLOW_EXPERIMENT_NAME"
TOO_LARGE = (
    "The trace is over the limit of the server or the ingress before it: raise that, or set TRACE_CONTENT=redacted"
)

_BY_STATUS: dict[int, str] = {
    HTTPStatus.UNAUTHORIZED: SIGN_IN,
    HTTPStatus.FORBIDDEN: NO_EDIT,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: TOO_LARGE,
}
_HOST_CHECK_SAYS = "invalid host header"


def is_host_check(text: str) -> bool:
    """Whether the text of a 403 is from the server's check against DNS rebinding."""
    return _HOST_CHECK_SAYS in text.lower()


def hint(status: int, *, is_host_check: bool) -> str | None:
    """The sentence for the log, if the status alone shows the remedy."""
    if status == HTTPStatus.FORBIDDEN and is_host_check:
        return HOST_CHECK
    return _BY_STATUS.get(status)
