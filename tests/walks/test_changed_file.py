"""`make run` for a person who edits a function."""

from pathlib import Path

from local.system import LocalSystem
from testing.waiting import until
from tests.integration.test_local_run import write_house


def test_a_changed_file_restarts_its_function_alone(tmp_path: Path) -> None:
    """The next answer is of the new code; a file that does not compile is named, and a correct one helps."""
    with LocalSystem(template=write_house(tmp_path), environment={"LOGS": "json"}, for_a_person=True) as system:
        worker = [process.pid for process in system.processes("worker.handler")]
        source = tmp_path / "web" / "app.py"
        source.write_text("def handler(event, context):\n    return {")
        until(lambda: "WebFunction did not start: Runtime." in system.output.read_text())
        source.write_text('def handler(event, context):\n    return {"statusCode": 200, "body": "new"}')
        until(lambda: "Restarted." in system.output.read_text())
        answer = system.http.get("/x")

        assert answer.text == "new"
        assert [process.pid for process in system.processes("worker.handler")] == worker
        assert system.output.read_text().count("app.py changed: restarting WebFunction.\n") == 2
