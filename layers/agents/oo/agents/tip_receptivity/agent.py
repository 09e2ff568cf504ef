"""Proposes how to deliver tips: length, tone, and when to start nothing."""

from datetime import datetime, timedelta

from oo.agent_kit.decision import Say, Silent
from oo.agent_kit.manifest import (
    DEFAULT_INVALIDATE_ON,
    Citation,
    Eligibility,
    InferredParam,
    Manifest,
    Output,
    Privacy,
    Requires,
    Signal,
    Ttl,
    snapshot_signals,
)
from oo.agent_kit.preferences import choice, decimal, preferences_schema, whole_number
from oo.agent_kit.rule_agent import RuleAgent
from oo.agent_kit.user_view import UserView
from oo.agent_kit.windows import Window, daily_window
from oo.agent_kit.wording import counted
from oo.agents.tip_receptivity.tip_response_history import LASTING_HALF_LIFE_D, TipResponses, read_tip_responses
from oo.frozen import frozen
from oo.snippets.grammar import SnippetDraft
from oo.statistics.acceptance import PRIOR_LEFT, PRIOR_TAKEN

_HOUR = timedelta(hours=1)
_DEFAULT_WORDS = 30
_FEW_WORDS = 18
_PLAIN = "plain"
_LEAST_ROWS_N = 2
_LEAST_RUN_N = 2

MANIFEST = Manifest(
    agent_id="tip-receptivity",
    version="1.2.0",
    title="How tips are delivered",
    description="Watches which tips you take up, and asks for shorter, gentler or fuller ones.",
    kinds=("advice", "rest"),
    requires=Requires(feedback=True),
    eligibility=Eligibility(
        rule={
            "or": [
                {">=": [{"var": ["feedback_28d_n", 0]}, _LEAST_ROWS_N]},
                {"!==": [{"var": ["prefs.max_words", None]}, None]},
                {"!==": [{"var": ["prefs.tone", None]}, None]},
                {"!==": [{"var": ["prefs.quiet_start_h", None]}, None]},
            ]
        },
        facts=("feedback_28d_n", "prefs.max_words", "prefs.tone", "prefs.quiet_start_h"),
        reason="Needs two reactions to tips within 28 days, or a setting of your own.",
    ),
    prefs_schema=preferences_schema(
        {
            "max_words": whole_number(
                "Words in a tip", "At most so many; learned until you set it.", 10, 60, default=_DEFAULT_WORDS
            ),
            "tone": choice("Tone", "How tips sound.", (_PLAIN, "warm", "playful"), default=_PLAIN),
            "quiet_start_h": whole_number("Quiet from", "Full hour; needs an end, too.", 0, 23),
            "quiet_end_h": whole_number("Quiet until", "Full hour; before the start means the next day.", 0, 23),
            "max_tips_per_day": whole_number("Tips a day", "After so many, tips get shorter.", 0, 10, default=3),
            "accept_p": decimal(
                "Tips taken up (learned)", "The share of tips that you act on or like.", 0, 1, learned=True
            ),
            "receptive_hour_utc": decimal(
                "Learned hour for tips (UTC)", "When tips are taken up most.", 0, 23.5, learned=True
            ),
        }
    ),
    ui={
        "ui:order": [
            "enabled",
            "max_words",
            "tone",
            "quiet_start_h",
            "quiet_end_h",
            "max_tips_per_day",
            "accept_p",
            "receptive_hour_utc",
            "timezone",
        ],
        "max_words": {"ui:widget": "range"},
    },
    signals_schema=snapshot_signals(
        ("nothing_to_add",),
        episodes_28d_n=Signal("integer", "tips", "Tips shown in the last 28 days.", nullable=False),
        shown_today_n=Signal("integer", "tips", "Tips shown today.", nullable=False),
        accept_p=Signal("number", "share", "The learned preference, null where it is not known."),
        neg_run_n=Signal("integer", "tips", "How many of the latest were turned down in a row.", nullable=False),
        snooze_share_p=Signal("number", "share", "How many of the tips were put off."),
        fatigue_ratio=Signal("number", "ratio", "Turned down tips over one and all, fading in days.", nullable=False),
        median_dwell_ms=Signal("number", "milliseconds", "How long a tip is looked at."),
        max_words=Signal("integer", "words", "The limit for the next tip.", nullable=False),
        in_quiet_hours=Signal("boolean", "flag", "Whether it is a quiet hour.", nullable=False),
        receptive_hour_local_h=Signal("number", "hour of the day", "When tips are taken up most."),
        to_receptive_h=Signal("number", "hours", "Hours until then on the clock."),
    ),
    ttl=Ttl(max_s=12 * 3600, breaks=("midnight", "quiet_edge", "fatigue")),
    privacy=Privacy(reads=("feedback",), text_contains_titles=False),
    output=Output(quotes_titles=False),
    invalidate_on=(*DEFAULT_INVALIDATE_ON, "feedback"),
    evidence=(
        Citation(
            "Forceful wording raises resistance (35 studies, N = 10,658).", "meta-analysis, Journal of Communication"
        ),
        Citation(
            "Prompts lose their effect within weeks: +66% steps at first, +14% on average.",
            "Klasnja et al., HeartSteps",
        ),
        Citation("Adults read 238 words a minute in silence.", "Brysbaert 2019, JML 109"),
    ),
    inferred_params=(
        InferredParam(
            key="accept_p",
            source="feedback",
            estimator="beta",
            args={"measure": "tips_taken_up", "shrink_k": PRIOR_TAKEN + PRIOR_LEFT},
            prior=PRIOR_TAKEN / (PRIOR_TAKEN + PRIOR_LEFT),
            half_life_d=LASTING_HALF_LIFE_D,
            min_n=10,
            min_n_eff=6,
            clamp=(0, 1),
            round=0.01,
            describe="You take up about {value} of all tips.",
        ),
        InferredParam(
            key="receptive_hour_utc",
            source="feedback",
            estimator="ratio_kde",
            args={"kernel_h": 1.5, "prior_weight": 4, "margin": 0.05, "modulo": 24},
            prior=None,
            half_life_d=LASTING_HALF_LIFE_D,
            min_n=60,
            min_n_eff=8,
            clamp=None,
            round=0.5,
            describe="You take up tips most around {value_local}.",
        ),
        InferredParam(
            key="max_words",
            source="feedback",
            estimator="words_until_left",
            args={"least_left": 0.25},
            prior=None,
            half_life_d=LASTING_HALF_LIFE_D,
            min_n=12,
            min_n_eff=6,
            # Shorter tips than that have no room for a step and its reason.
            clamp=(14, 40),
            round=1,
            describe="You often leave tips before their middle, after about {value} words.",
        ),
    ),
)


@frozen
class DeliveryAdvice:
    """One way to deliver the next tip, valid until `holds_until` if that is known."""

    fact: str
    words: int
    wishes: tuple[str, ...] = ()
    kind: str = "advice"
    care: str = ""
    holds_until: datetime | None = None


def decide(view: UserView) -> Say | Silent:
    """The first reason to deliver tips in an unusual way, or that there is none."""
    reception = read_tip_responses(view.feedback, view.clock)
    quiet = _quiet_hours(view)
    is_quiet = quiet is not None and quiet.holds(view.clock.now)
    most_words = int(view.preferences.number("max_words"))
    delivery = (
        (_in_quiet_hours(view, quiet, reception, most_words) if quiet and is_quiet else None)
        or (_by_reception(view, reception, most_words) if reception.rows_n >= _LEAST_ROWS_N else None)
        or _by_settings(view, most_words)
    )
    signals = _signals(view, reception) | {
        "in_quiet_hours": is_quiet,
        "max_words": delivery.words if delivery else most_words,
    }
    valid_until_candidates = [
        view.feedback_changes_at,
        quiet.start if quiet and not is_quiet else None,
    ]
    if delivery is None:
        return Silent("nothing_to_add", signals, valid_until_candidates)
    return Say(_line(view, delivery), signals, [*valid_until_candidates, delivery.holds_until])


def _signals(view: UserView, reception: TipResponses) -> dict[str, object]:
    return {
        "episodes_28d_n": len(reception.episodes),
        "shown_today_n": reception.today_n(),
        "accept_p": view.preferences.optional_number("accept_p"),
        "neg_run_n": reception.negative_run(),
        "snooze_share_p": reception.snoozed_share(),
        "fatigue_ratio": reception.fatigue(),
        "median_dwell_ms": reception.median_dwell_ms(),
        **_receptive_hour(view),
    }


def _receptive_hour(view: UserView) -> dict[str, object]:
    learned_h = view.preferences.optional_number("receptive_hour_utc")
    if learned_h is None:
        return {}
    local = view.clock.local(view.clock.now)
    local_h = (learned_h + (local.utcoffset() or timedelta(0)) / _HOUR) % 24
    passed_h = local.hour + local.minute / 60 + local.second / 3600
    return {"receptive_hour_local_h": local_h, "to_receptive_h": (local_h - passed_h) % 24}


def _quiet_hours(view: UserView) -> Window | None:
    """The current or next quiet hours; None if an end is missing, both are equal, or the time zone is unknown."""
    start_h = view.preferences.optional_number("quiet_start_h")
    end_h = view.preferences.optional_number("quiet_end_h")
    if start_h is None or end_h is None or start_h == end_h or not view.clock.zone_known:
        return None
    length_h = (end_h - start_h) % 24
    return daily_window(view.clock, start_h + length_h / 2, length_h)


def _in_quiet_hours(view: UserView, quiet: Window, reception: TipResponses, most_words: int) -> DeliveryAdvice:
    """Advice for quiet hours, which also mentions a run of tips turned down."""
    run_n = reception.negative_run()
    run = f"; {_turned_down(run_n)}" if run_n >= _LEAST_RUN_N else ""
    return DeliveryAdvice(
        fact=f"quiet hours run until {view.clock.local(quiet.end):%H:%M}{run}.",
        words=min(most_words, _FEW_WORDS),
        wishes=("nothing to start now",),
        kind="rest",
        care="no pressure.",
        holds_until=quiet.end,
    )


def _turned_down(run_n: int) -> str:
    return f"the last {run_n} tips with a verdict were turned down"


def _by_reception(view: UserView, reception: TipResponses, most_words: int) -> DeliveryAdvice | None:
    few_words = min(most_words, _FEW_WORDS)
    run_n = reception.negative_run()
    if run_n >= _LEAST_RUN_N or reception.is_tired():
        fact = _turned_down(run_n) if run_n >= _LEAST_RUN_N else "most of the latest tips were turned down"
        return DeliveryAdvice(
            fact=f"{fact}.",
            words=few_words,
            wishes=("a different kind of move", "an easy way out"),
            care="no pressure.",
            holds_until=None if run_n >= _LEAST_RUN_N else reception.rested_at(),
        )
    today_n, enough_n = reception.today_n(), int(view.preferences.number("max_tips_per_day"))
    if today_n >= max(enough_n, 1) and view.clock.zone_known:
        return DeliveryAdvice(
            f"{counted(today_n, 'tip')} came up today against a limit of {enough_n} a day.", few_words
        )
    if reception.takes_often():
        return DeliveryAdvice(
            fact="tips here are taken up more often than not.",
            words=most_words,
            wishes=("and a fuller reason is welcome",),
            holds_until=reception.takes_often_until(),
        )
    return None


def _by_settings(view: UserView, most_words: int) -> DeliveryAdvice | None:
    tone = view.preferences.text("tone")
    if "max_words" in view.preferences.given:
        return DeliveryAdvice(f"the limit for a tip here is {most_words} words.", most_words)
    return DeliveryAdvice(f"a {tone} tone is wanted here.", most_words) if tone != _PLAIN else None


def _line(view: UserView, delivery: DeliveryAdvice) -> SnippetDraft:
    tone = view.preferences.text("tone")
    wishes = [f"at most {delivery.words} words", *delivery.wishes]
    if tone != _PLAIN:
        wishes.append(f"in a {tone} tone")
    return SnippetDraft(
        kind=delivery.kind,
        strength=2,
        fact=delivery.fact,
        move=f"{', '.join(wishes)}.",
        care=delivery.care,
    )


AGENT = RuleAgent(MANIFEST, decide)
