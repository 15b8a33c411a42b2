"""`python -m dialogue.core.language` judges lines of JSON and says which line it cannot read."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def judge(lines):
    given = "\n".join(lines).encode() if isinstance(lines, list) else lines
    return subprocess.run(
        [sys.executable, "-m", "dialogue.core.language"], cwd=ROOT, input=given, capture_output=True, check=False
    )


def test_each_line_gets_its_label_and_passages():
    done = judge(
        ['{"text": "もっと休んだほうがいいですよ。"}', "", '{"text": "I moved to the sea.", "language": "en"}']
    )

    first, second = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert (done.returncode, done.stderr) == (0, b"")
    assert first["label"] == "advice"
    assert first["passages"][0].keys() == {"start", "end", "text", "rule", "frame"}
    assert second == {"text": "I moved to the sea.", "label": "not_advice", "passages": []}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "line 2 is not JSON"),
        ('["text"]', 'line 2 is not an object with a "text"'),
        ('{"txt": "a"}', 'line 2 has no "text"'),
        ('{"text": 3}', 'line 2 has no "text"'),
        ('{"text": "a", "language": "fr"}', "line 2: \"language\" is 'fr'"),
    ],
)
def test_a_bad_line_is_named_and_the_lines_before_it_are_judged(line, says):
    done = judge(['{"text": "a"}', line])

    assert done.returncode == 2
    assert says in done.stderr.decode()
    assert len(done.stdout.splitlines()) == 1


def test_bytes_that_are_no_text_are_named():
    done = judge(b'{"text": "\xff"}')

    assert done.returncode == 2
    assert "not UTF-8" in done.stderr.decode()
