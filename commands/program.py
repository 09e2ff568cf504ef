"""Programs whose values come by environment variables, as make passes them, or by options of the same names."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from inspect import signature
from typing import Any, Final

import click

from commands.ordinary_ends import ordinary_ends

UNUSABLE: Final = 2
"""The exit status for an unusable value."""

Decorator = Callable[[Any], Any]


class UnusableValue(Exception):
    """A value of a person that the program found unusable; one sentence."""


class Program(click.Command):
    """A command of make's; a value that cannot be used ends it with one sentence and `unusable_status`."""

    unusable_status = UNUSABLE

    def __call__(
        self,
        arguments: Sequence[str] | None = None,
        environment: Mapping[str, str] = os.environ,
        **seams: object,
    ) -> None:
        """Run with the process' own arguments, or in a test with others.

        The function gets `environment` by `click.pass_obj`, and the `seams` as they are.
        """
        if arguments is not None:
            self._run(arguments, environment, seams)
            return
        with ordinary_ends():
            self._run(sys.argv[1:], environment, seams)

    def _run(self, arguments: Sequence[str], environment: Mapping[str, str], seams: Mapping[str, object]) -> None:
        try:
            with self.make_context(self.name, list(arguments), obj=environment) as context:
                context.params.update(seams)
                self.invoke(context)
        except click.exceptions.Exit as done:
            sys.exit(done.exit_code)
        except (click.UsageError, UnusableValue) as problem:
            print(self._sentence(problem), file=sys.stderr)
            sys.exit(self.unusable_status)

    def _sentence(self, problem: click.UsageError | UnusableValue) -> str:
        if isinstance(problem, UnusableValue):
            return str(problem)
        if isinstance(problem, click.MissingParameter) and isinstance(problem.param, _Argument):
            return f"{problem.param.envvar} is missing: {self.name} {problem.param.envvar}={problem.param.example}"
        return problem.message.rstrip(".") + "."


class _OfEnvironment(click.Parameter):
    """Reads its variable from the environment that the program is run with; an empty value counts as absent."""

    def resolve_envvar_value(self, ctx: click.Context) -> str | None:
        environment: Mapping[str, str] = os.environ if ctx.obj is None else ctx.obj
        return environment.get(str(self.envvar)) or None

    def process_value(self, ctx: click.Context, value: Any) -> Any:  # noqa: ANN401  # click's own type
        return super().process_value(ctx, self.get_default(ctx) if value == "" else value)


class _Option(_OfEnvironment, click.Option):
    pass


class _Argument(_OfEnvironment, click.Argument):
    def __init__(self, names: Sequence[str], *, example: str, **options: Any) -> None:  # noqa: ANN401  # click's own options
        super().__init__(names, **options)
        self.example = example


def program(target: str, *, status: int = UNUSABLE, epilog: str = "", **settings: Any) -> Decorator:  # noqa: ANN401  # click's own settings
    """Make the function the program of `make TARGET`; its docstring is the help text, `epilog` the end of it."""

    def made(function: Callable[..., Any]) -> Program:
        # click prints a paragraph behind \b as it is.
        end = "\n\n".join(f"\b\n{paragraph}" for paragraph in epilog.strip().split("\n\n"))
        command = click.command(f"make {target}", cls=Program, epilog=end, **settings)(function)
        command.unusable_status = status
        return command

    return made


def variable(name: str, to: str = "", **options: Any) -> Decorator:  # noqa: ANN401  # click's own options
    """Add a value by the variable or the option of this name; the function gets it as `to`, "" if absent."""
    small = name.lower()
    options = {"default": "", "metavar": name, "envvar": name, "show_envvar": True} | options
    return click.option(f"--{small.replace('_', '-')}", to or small, cls=_Option, **options)


def together(name: str, make: Callable[..., object], *options: Decorator) -> Decorator:
    """Add options that the function gets as one value by this name, `make(**their values)`."""

    def decorate(function: Callable[..., None]) -> Callable[..., None]:
        @wraps(function)
        def with_options(*arguments: Any, **values: Any) -> None:  # noqa: ANN401  # click's own types
            own = {each: values.pop(each) for each in signature(make).parameters}
            function(*arguments, **{name: make(**own)}, **values)

        for option in reversed(options):
            with_options = option(with_options)
        return with_options

    return decorate


def needed(name: str, to: str = "", *, example: str, **options: Any) -> Decorator:  # noqa: ANN401  # click's own options
    """Add a value by the variable of this name or as an argument, without which the program does not run."""
    return click.argument(to or name.lower(), envvar=name, metavar=name, cls=_Argument, example=example, **options)
