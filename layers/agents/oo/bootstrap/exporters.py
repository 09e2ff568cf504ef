"""Compose the export of traces: the exporters, and the Lambda extension that runs them after the response.

Exporters are created on first use, after a response. An unusable setting disables MLflow and is logged; no response
depends on it.
"""

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger

from oo.bootstrap.settings import Config, TraceSettings
from oo.contract.shown_ids import hashed, shown_id, shown_version
from oo.deadline import Deadline
from oo.errors import ConfigError, config_facts
from oo.telemetry.export.after_response import AfterResponse
from oo.telemetry.export.exporter import Exporter, ExporterFactory, Loading
from oo.telemetry.export.worker import ExportWorker
from oo.telemetry.spans import Trace

if TYPE_CHECKING:
    import ssl

    from oo.telemetry.export.lambda_extension import Extension
    from oo.telemetry.export.mlflow.server import MlflowServer, SignIn

Pseudonym = Callable[[str], str | None]

_TRUE = ("1", "true", "t", "yes", "y", "on")
"""Values that Powertools reads as true."""


def after_response(
    environment: Mapping[str, str], config: Config, logger: Logger, pseudonym: Pseudonym = hashed
) -> AfterResponse:
    """The work after a response; without exporters there is none, and no extension is registered."""
    factories = [*_xray(environment), *_mlflow(environment, config, logger, pseudonym)]
    calls = _extension(environment, logger) if factories else None
    return AfterResponse(ExportWorker(factories, logger), logger, calls=calls)


def request_header(environment: Mapping[str, str]) -> str:
    """The X-Ray header of the current call, which Lambda's runtime puts into the environment before each call."""
    return environment.get("_X_AMZN_TRACE_ID", "")


def _xray(environment: Mapping[str, str]) -> list[ExporterFactory]:
    """The exporter to X-Ray; empty without a daemon, as outside Lambda."""
    is_disabled = environment.get("POWERTOOLS_TRACE_DISABLED", "").lower() in _TRUE
    if is_disabled or not environment.get("AWS_XRAY_DAEMON_ADDRESS"):
        return []

    def make(loading: Loading) -> Exporter:
        from oo.telemetry.export.xray import XRayExporter

        return XRayExporter(shown_id, loading)

    return [ExporterFactory("x-ray", make)]


def _mlflow(
    environment: Mapping[str, str], config: Config, logger: Logger, pseudonym: Pseudonym
) -> list[ExporterFactory]:
    settings = config.trace_settings
    problem = config.trace_problem or _missing_client(settings)
    if problem is not None:
        logger.error("tracing_off", reason=str(problem), **config_facts(problem))
    if problem is not None or not settings.sends_traces:
        return []
    service = environment.get("POWERTOOLS_SERVICE_NAME", "")
    return [ExporterFactory("mlflow", partial(mlflow_exporter, settings, service, pseudonym))]


def _missing_client(settings: TraceSettings) -> ConfigError | None:
    """The error of a setting that needs MLflow's client, if its layer is not attached."""
    if settings.mlflow_trace_protocol != "client" or not settings.sends_traces:
        return None
    from importlib.util import find_spec

    if find_spec("mlflow") is not None:
        return None
    return ConfigError(
        "Unusable setting: MLFLOW_TRACE_PROTOCOL (client needs MlflowClientLayer, which is not attached)"
    )


def mlflow_exporter(
    settings: TraceSettings, service: str, pseudonym: Pseudonym = hashed, loading: Loading = nullcontext
) -> Exporter:
    """The exporter to MLflow by the settings; `service` is the service name of the traces."""
    from oo.telemetry.export.mlflow.exporter import MlflowExporter
    from oo.telemetry.export.redaction import Redaction

    server = mlflow_server(settings)
    redaction = Redaction(pseudonym, shown_id, shown_version)
    return MlflowExporter(
        send=_otlp(settings, server, service)
        if settings.mlflow_trace_protocol == "otlp"
        else _client(settings, server, loading),
        close=server.close,
        sampling_ratio=settings.mlflow_trace_sampling_ratio,
        pseudonym=pseudonym,
        redacted=redaction.redacted if settings.trace_content == "redacted" else None,
        stage=settings.stage,
    )


def _otlp(settings: TraceSettings, server: "MlflowServer", service: str) -> Callable[[Trace, Deadline], None]:
    from oo.telemetry.export.mlflow.experiment import Experiment
    from oo.telemetry.export.mlflow.otlp_protocol import OtlpProtocol

    return OtlpProtocol(server, Experiment(server, settings.mlflow_experiment_name), service).send


def _client(settings: TraceSettings, server: "MlflowServer", loading: Loading) -> Callable[[Trace, Deadline], None]:
    from oo.telemetry.export.mlflow.client_protocol import ClientProtocol, SendRebuilt, TraceRebuilder
    from oo.telemetry.export.mlflow.experiment import Experiment

    def load() -> SendRebuilt:
        with loading():
            return TraceRebuilder(
                settings.mlflow_tracking_uri, server.stored_credentials, _ca_file(settings.mlflow_ca_bundle)
            ).send

    return ClientProtocol(server, Experiment(server, settings.mlflow_experiment_name), load).send


def mlflow_server(settings: TraceSettings, largest_answer_bytes: int | None = None) -> "MlflowServer":
    """The server with the credentials of the settings; sends no request yet."""
    from oo.telemetry.export.mlflow.server import LARGEST_ANSWER_BYTES, MlflowServer

    return MlflowServer(
        settings.mlflow_tracking_uri,
        _sign_in(settings),
        largest_answer_bytes=largest_answer_bytes or LARGEST_ANSWER_BYTES,
        tls=_certificates(settings.mlflow_ca_bundle),
    )


def _sign_in(settings: TraceSettings) -> "SignIn":
    """The credentials of the secret, which are read with the first request; without one, those of the environment."""
    from oo.telemetry.export.mlflow.server import Credentials, StoredCredentials

    if not settings.mlflow_credentials_secret:
        return Credentials(
            settings.mlflow_tracking_token, settings.mlflow_tracking_username, settings.mlflow_tracking_password
        )
    from oo.bootstrap.secret import stored_credentials

    return StoredCredentials(stored_credentials(settings.mlflow_credentials_secret))


def _certificates(bundle: str) -> "Callable[[], ssl.SSLContext]":
    import ssl

    from oo.llm.tls import context_of_file, is_secret
    from oo.telemetry.export.exporter import ExportFailed

    setting = "MLFLOW_CA_BUNDLE"
    if not bundle:
        return ssl.create_default_context
    read: Callable[[], ssl.SSLContext]
    if not is_secret(bundle):
        read = partial(context_of_file, bundle, setting)
    else:
        from oo.bootstrap.secret import stored_certificates

        read = stored_certificates(bundle, setting)

    def made() -> ssl.SSLContext:
        try:
            return read()
        except ConfigError as error:
            raise ExportFailed(hint=str(error)) from None

    return made


def _ca_file(bundle: str) -> str:
    """The path of the certificates for MLflow's client; empty for its own. Those of a secret are written to a file."""
    import ssl
    from tempfile import NamedTemporaryFile

    from oo.llm.tls import is_secret

    if not is_secret(bundle):
        return bundle
    certificates = _certificates(bundle)().get_ca_certs(binary_form=True)
    with NamedTemporaryFile("w", suffix=".pem", delete=False) as file:
        file.writelines(ssl.DER_cert_to_PEM_cert(each) for each in certificates)
    return file.name


def _extension(environment: Mapping[str, str], logger: Logger) -> "Extension | None":
    """The process as a Lambda extension; None outside Lambda or after a refusal: then a thread exports."""
    runtime_api = environment.get("AWS_LAMBDA_RUNTIME_API")
    if not runtime_api:
        return None
    from oo.telemetry.export.lambda_extension import Extension, ExtensionRefused

    try:
        return Extension.register(runtime_api)
    except ExtensionRefused as error:
        logger.warning("extension_refused", error_type=type(error.__cause__ or error).__name__)
        return None
