"""Methods that only call the same method of a field: a layer of calls that a reader walks through for nothing."""

import ast
from collections.abc import Iterator
from pathlib import Path

LAYER = Path(__file__).parents[3] / "layers/agents/oo"

# `_Stream` is httpcore's NetworkStream, whose methods all have to be there. A title is read in many places.
ALLOWED = {"_Stream.close", "_Stream.get_extra_info", "TaskRef.title"}


def methods(path: Path) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Each method of a module with its name behind that of its class."""
    for owner in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(owner, ast.ClassDef):
            yield from ((f"{owner.name}.{each.name}", each) for each in owner.body if isinstance(each, ast.FunctionDef))


def only_statement(body: list[ast.stmt]) -> ast.expr | None:
    """The expression that is all of a method beside its docstring, also below one condition or block."""
    match [each for each in body if not (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))]:
        case [ast.If(body=inner, orelse=[]) | ast.With(body=inner)]:
            return only_statement(inner)
        case [ast.Return(value=ast.expr() as value) | ast.Expr(value=value)]:
            return value.values[-1] if isinstance(value, ast.BoolOp) else value
    return None


def passes_on(method: ast.FunctionDef) -> bool:
    """Whether a method or property only asks a field of its object for the same one."""
    value = only_statement(method.body)
    match value.func if isinstance(value, ast.Call) else value:
        case ast.Attribute(value=ast.Attribute(value=ast.Name(id="self")), attr=name):
            return name == method.name
    return False


def test_no_method_only_passes_a_call_on() -> None:
    """A caller reaches the object that does the work itself."""
    found = {name for path in sorted(LAYER.rglob("*.py")) for name, method in methods(path) if passes_on(method)}

    assert found - ALLOWED == set()


def test_a_method_that_only_passes_a_call_on_is_found() -> None:
    """With or without arguments, below a condition, and as a property."""
    texts = (
        "return self._made.close()",
        "self._made.close(deadline)",
        "'''Close it.'''\n  if self._made is not None:\n   self._made.close()",
        "return self._made is not None and self._made.close",
    )
    for text in texts:
        (method,) = ast.parse(f"def close(self):\n  {text}").body

        assert isinstance(method, ast.FunctionDef)
        assert passes_on(method), text
