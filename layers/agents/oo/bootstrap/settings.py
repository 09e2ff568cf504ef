"""Settings and their ranges. `bootstrap` alone reads them from the environment."""

from collections.abc import Mapping
from typing import Annotated, Literal, NamedTuple, Self, TypeVar
from zoneinfo import ZoneInfo

from oo.addresses import goes_in_the_clear
from oo.deadline import DEFAULT_LLM_BUDGET_S
from oo.errors import ConfigError
from oo.prompts.versions import DEFAULT_RECOMMEND_VERSION, DEFAULT_VERSION
from oo.validation.models import AfterValidator, BaseModel, ConfigDict, ErrorDetails, Field, ValidationError


class _Variables(BaseModel):
    """Names are those of the environment variables in lower case; an empty variable counts as unset."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the settings; raises ConfigError that names the variables that are out of range, never their values."""
        given = {name: environment.get(name.upper(), "") for name in cls.model_fields}
        try:
            return cls.model_validate({name: value for name, value in given.items() if value})
        except ValidationError as error:
            names = sorted({_named(problem) for problem in error.errors(include_input=False)})
            raise ConfigError(f"Unusable setting: {', '.join(names)}") from None


Kind = TypeVar("Kind", bound=_Variables)


def _read(kind: type[Kind], environment: Mapping[str, str]) -> tuple[Kind, ConfigError | None]:
    """The settings, or the defaults and the error of those that are unusable."""
    try:
        return kind.from_environment(environment), None
    except ConfigError as error:
        return kind(), error


def _named(problem: ErrorDetails) -> str:
    """The variable, and the reason if it is one of this module's sentences."""
    name = str(problem["loc"][0]).upper()
    return f"{name} ({problem['ctx']['error']})" if problem["type"] == "value_error" else name


def _bare_address(uri: str) -> str:
    """A URI that ends with its path: credentials in it would show in logs and be left out of requests."""
    # Anywhere: a slash in a password ends the part of the address in which a parser expects the user.
    if any(sign in uri for sign in "@?#"):
        raise ValueError(
            "an address must not contain a user, password, query or fragment: put credentials into the secret of"
            " MlflowCredentialsSecretArn"
        )
    return uri


def _zone_name(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, a path outside of the data, a directory of it
        raise ValueError("not an IANA time zone") from None
    return name


def _set(value: str, name: str) -> str:
    if not value:
        raise ConfigError(f"Missing setting: {name}")
    return value


_PLAIN_TRACES = "MLFLOW_TRACKING_URI (it has to be https unless its host is this machine, or AllowPlainHttp is true)"


class ProxyAccess(NamedTuple):
    """The LiteLLM proxy's URL and its key: the id of a secret, which comes first, or the key itself."""

    url: str
    key: str
    key_secret: str


class Settings(_Variables):
    """Settings that answers depend on; `allow_plain_http` applies to traces as well."""

    allow_plain_http: Literal["false", "true"] = Field(
        default="false", description="`true`: the proxy and MLflow may be reached by http on other machines, too."
    )
    litellm_url: str = Field(default="", description="Base URL of the LiteLLM proxy; https, except for loopback.")
    litellm_api_key: str = Field(default="", description="The proxy's key, for local use; in AWS it is a secret.")
    litellm_api_key_secret: str = Field(default="", description="Secrets Manager id of the proxy's key.")
    litellm_ca_bundle: str = Field(
        default="", description="Certificates for verifying the proxy: a file, or the ARN of a secret with PEM."
    )
    llm_budget_s: Annotated[float, Field(gt=0, le=27, allow_inf_nan=False)] = Field(
        default=DEFAULT_LLM_BUDGET_S,
        description="Total time for all calls to the model per request, in seconds from the arrival of the request.",
    )
    llm_response_format: Literal["json_schema", "json_object", "off"] = Field(
        default="json_schema",
        description="`json_schema` sends the reply's JSON Schema, `json_object` requests any JSON object.",
    )
    llm_temperature: Annotated[float, Field(ge=0, le=2, allow_inf_nan=False)] | Literal["off"] = Field(
        default=0.7,
        description="Temperature of every call, from 0 to 2; `off` sends none, for models that refuse it.",
    )
    llm_max_tokens: Annotated[int, Field(ge=1, le=65_536)] = Field(
        default=400,
        description="Maximum tokens of a reply to `/recommend`, including reasoning tokens.",
    )
    llm_circuit_table: str = Field(
        default="", description="Table of the circuit breaker around the model; empty disables it."
    )
    default_prompt_version: str = Field(
        default=DEFAULT_VERSION, description="Prompt version of `/generate` for requests that name none."
    )
    default_recommend_version: str = Field(
        default=DEFAULT_RECOMMEND_VERSION, description="Prompt version of `/recommend` for requests that name none."
    )
    experiment: str = Field(
        default="",
        description=(
            "Experiment of `/recommend`: `NAME:ARM=WEIGHT,ARM=WEIGHT`; an arm is a prompt version or `slider-N`, the "
            "first is the control, weights sum to 100. Empty: none."
        ),
    )
    tip_fallback: Literal["off", "template"] = Field(
        default="off",
        description="`template`: `/recommend` answers with a template tip when the model fails.",
    )
    agent_outputs_table: str = Field(default="", description="Table of stored agent outputs.")
    compute_queue_url: str = Field(default="", description="Queue to which the fan-out sends jobs, one per agent.")
    precompute_queue_url: str = Field(default="", description="Queue to which producers send users' snapshots.")
    feedback_queue_url: str = Field(default="", description="Queue to which `/feedback` sends feedback.")
    feedback_dead_letter_queue_url: str = Field(
        default="", description="Queue to which the worker moves feedback that belongs to no trace."
    )

    def require_litellm(self) -> ProxyAccess:
        """The access to the proxy. Raises ConfigError if its URL or its key is missing."""
        url = _set(self.litellm_url, "LITELLM_URL")
        if not self.litellm_api_key_secret and not self.litellm_api_key:
            raise ConfigError("Neither LITELLM_API_KEY_SECRET nor LITELLM_API_KEY is set")
        return ProxyAccess(
            url, "" if self.litellm_api_key_secret else self.litellm_api_key, self.litellm_api_key_secret
        )

    def require_compute_queue(self) -> str:
        """The URL of `ComputeQueue`. Raises ConfigError if it is missing."""
        return _set(self.compute_queue_url, "COMPUTE_QUEUE_URL")

    def require_feedback_queue(self) -> str:
        """The URL of `FeedbackQueue`. Raises ConfigError if it is missing."""
        return _set(self.feedback_queue_url, "FEEDBACK_QUEUE_URL")

    def require_feedback_dead_letters(self) -> str:
        """The URL of `FeedbackDeadLetterQueue`. Raises ConfigError if it is missing."""
        return _set(self.feedback_dead_letter_queue_url, "FEEDBACK_DEAD_LETTER_QUEUE_URL")

    def require_outputs_table(self) -> str:
        """The name of the table of stored outputs. Raises ConfigError if it is missing."""
        return _set(self.agent_outputs_table, "AGENT_OUTPUTS_TABLE")


class CallerSettings(_Variables):
    """Rights of callers. Read separately from the rest, so that an error in another variable cannot disable them."""

    jwt_user_claim: str = Field(
        default="",
        description="Claim of a caller's token that must equal the body's `user_id`; empty: tokens belong to services.",
    )


class UserDataSettings(_Variables):
    """Settings for reading users' data. Separate from the rest, which computing and inferring do not need."""

    default_timezone: Annotated[str, AfterValidator(_zone_name)] = Field(
        default="",
        description="IANA time zone of users whose data contain none; empty: zone-dependent statements are left out.",
    )

    @property
    def default_zone(self) -> ZoneInfo | None:
        """The zone, None if none is assumed."""
        return ZoneInfo(self.default_timezone) if self.default_timezone else None


class TraceSettings(_Variables):
    """Settings of traces. Read separately from the rest: no answer may fail because of them."""

    mlflow_tracking_uri: Annotated[str, AfterValidator(_bare_address)] = Field(
        default="",
        description="URL of the MLflow server, without user, password or query; empty disables tracing.",
    )
    stage: str = Field(default="", description="Name of the stage: the tag `stage` of every trace.")
    mlflow_experiment_name: str = Field(default="oO/serving", description="MLflow experiment of the traces.")
    mlflow_trace_protocol: Literal["otlp", "client"] = Field(
        default="otlp", description="`otlp`: server 3.6 or later; `client`: any server, by the MLflow client."
    )
    trace_content: Literal["full", "redacted"] = Field(
        default="full", description="`redacted`: traces contain ids and sizes, no texts."
    )
    trace_request: Literal["off", "on"] = Field(
        default="off",
        description=(
            "`on`: with `TRACE_CONTENT=full`, traces of `/recommend` contain the resolved request, so that it can be "
            "replayed."
        ),
    )
    mlflow_trace_sampling_ratio: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = Field(
        default=1, description="Share of the traces that are sent to MLflow, from 0 to 1."
    )
    mlflow_tracking_token: str = Field(default="", description="MLflow's token, if the server requires one.")
    mlflow_tracking_username: str = Field(
        default="", description="User of the MLflow server; takes precedence over the token if a password is set too."
    )
    mlflow_tracking_password: str = Field(default="", description="Password of that user.")
    mlflow_credentials_secret: str = Field(
        default="",
        description="Secrets Manager id of JSON with `token`, or `username` and `password`; used instead of the above.",
    )
    mlflow_ca_bundle: str = Field(
        default="", description="Certificates for verifying MLflow: a file, or the ARN of a secret with PEM."
    )

    @property
    def sends_traces(self) -> bool:
        """Whether any trace is sent to MLflow."""
        return bool(self.mlflow_tracking_uri and self.mlflow_trace_sampling_ratio)

    @property
    def records_requests(self) -> bool:
        """Whether requests are recorded: never if their content is left out, or if no trace is sent."""
        return self.sends_traces and self.trace_request == "on" and self.trace_content == "full"


class PseudonymSettings(_Variables):
    """The key of users' pseudonyms. Read separately from the rest: no answer may fail because of it."""

    pseudonym_key: str = Field(
        default="", description="Key of the users' pseudonyms, for local use; in AWS it is a secret."
    )
    pseudonym_key_secret: str = Field(
        default="", description="Secrets Manager id of that key; without a key, a guessed user id can be recognised."
    )


KINDS = (Settings, CallerSettings, UserDataSettings, TraceSettings, PseudonymSettings)


class Config(NamedTuple):
    """The settings of one start, each kind read once.

    `problem` is the error of unusable `settings`, `trace_problem` that of `trace_settings`, `zone_problem` that of
    `default_zone`. The settings are the defaults then, so that requests that do not need them still work.
    """

    settings: Settings
    trace_settings: TraceSettings
    caller_settings: CallerSettings
    pseudonym_settings: PseudonymSettings
    default_zone: ZoneInfo | None
    problem: ConfigError | None
    trace_problem: ConfigError | None
    zone_problem: ConfigError | None

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "Config":
        """Read all settings; the error of an unusable one is stored in a `…problem` field."""
        settings, problem = _read(Settings, environment)
        trace_settings, trace_problem = _read(TraceSettings, environment)
        if settings.allow_plain_http == "false" and goes_in_the_clear(trace_settings.mlflow_tracking_uri):
            trace_settings, trace_problem = TraceSettings(), ConfigError(f"Unusable setting: {_PLAIN_TRACES}")
        user_data_settings, zone_problem = _read(UserDataSettings, environment)
        return cls(
            settings,
            trace_settings,
            CallerSettings.from_environment(environment),
            PseudonymSettings.from_environment(environment),
            user_data_settings.default_zone,
            problem,
            trace_problem,
            zone_problem,
        )

    def usable_settings(self) -> Settings:
        """The settings; raises the ConfigError of an unusable one, or of an unusable zone."""
        problem = self.problem or self.zone_problem
        if problem is not None:
            raise problem
        return self.settings
