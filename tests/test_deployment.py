"""What a deployment is made of: the image's recipe, the composition, and the table of settings in docs/deploy.md."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from service.cli import app
from service.settings import Settings

ROOT = Path(__file__).parents[1]


def instructions():
    """Return the instructions of the last stage, and all of them, as pairs of word and rest."""
    text = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    lines = [line.strip().partition(" ") for line in text.splitlines() if line.strip() and not line.startswith("#")]
    found = [(word, rest.strip()) for word, _, rest in lines]
    last = max(index for index, (word, _) in enumerate(found) if word == "FROM")
    return found[last:], found


def test_the_recipe_has_no_fault_that_a_linter_knows():
    linter = shutil.which("hadolint", path=str(Path(sys.executable).parent))
    if linter is None:
        pytest.skip("hadolint is missing; make install brings it")
    done = subprocess.run([linter, str(ROOT / "Dockerfile")], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_image_runs_as_nobody_in_particular_and_says_whether_it_is_ready():
    last, _ = instructions()
    told = dict(last)
    assert told["USER"] not in {"0", "root"}
    assert "/readyz" in told["HEALTHCHECK"]
    assert all(":" in rest and not rest.endswith(":latest") for word, rest in instructions()[1] if word == "FROM")


def test_the_image_is_made_of_what_there_is():
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    copied = set()
    for word, rest in instructions()[1]:
        if word == "COPY" and "--from" not in rest:
            copied |= set(rest.split()[:-1])
    assert copied == kept
    assert all((ROOT / name).exists() for name in copied)


def test_the_image_starts_a_command_that_there_is():
    name, *arguments = json.loads(dict(instructions()[0])["CMD"])
    assert name == "pembinaan"
    command = get_command(app).commands[arguments[0]]
    context = command.make_context("serve", arguments[1:])
    assert context.params == {"host": "0.0.0.0", "port": 8000}  # noqa: S104  inside a container


def test_the_composition_sets_settings_that_there_are_and_hides_the_database():
    services = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]
    names = {f"PEMBINAAN_{name.upper()}" for name in Settings.model_fields}
    assert set(services["pembinaan"]["environment"]) <= names
    assert all(port.startswith("127.0.0.1:") for port in services["pembinaan"]["ports"])
    assert "ports" not in services["postgres"]
    assert services["postgres"]["networks"] == ["inside"]


def test_the_table_of_settings_is_whole():
    text = (ROOT / "docs" / "deploy.md").read_text("utf-8")
    for row in settings_table().splitlines():
        assert row in text, f"docs/deploy.md lacks the line: {row}"


def settings_table():
    """Return the lines that docs/deploy.md must have."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = field.get_default()
        if isinstance(default, tuple):
            default = ",".join(default)
        shown = "" if default is None or default == {} or field.default_factory else f"`{default}`"
        rows.append(f"| `{name}` | {shown} | {field.description} |")
    return "\n".join(rows)
