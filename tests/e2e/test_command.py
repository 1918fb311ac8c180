"""The ``faculty`` command, as a process of its own that knows nothing but its environment."""

from __future__ import annotations

import json
import shlex
import signal
import subprocess
from pathlib import Path
from subprocess import PIPE

import pytest

from deploy.local import Stack
from deploy.local.members import REPOSITORY
from tests.e2e.command import COMMAND, Run
from tests.e2e.methods import METHODS
from tests.e2e.world import SECONDS, World, invent


def test_a_call_prints_its_answer_as_json(run: Run) -> None:
    """Arguments come from the option or from stdin; the answer is on stdout alone."""
    for arguments, stdin in (('{"limit": 1}', ""), ("-", '{"limit": 1}')):
        result = run(
            "call", "membership.find_members", "--as", "staff", "--json", arguments, stdin=stdin
        )
        assert (result.status, result.err) == (0, "")
        assert set(result.answer) == {"items", "next_cursor"}


def test_a_key_does_nothing_twice(run: Run, world: World) -> None:
    """The same key and arguments give the same answer; with others it is an error."""
    person = invent()
    options = ("call", "membership.apply", "--as", "staff", "--key", person["email"])
    first, second = (run(*options, "--json", json.dumps(person)) for _ in range(2))
    assert first.answer == second.answer
    assert len(world.known([person])) == 1
    other = run(*options, "--json", json.dumps({**person, "nation": "england"}))
    assert (other.status, other.error["code"]) == (1, "idempotency_mismatch")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("membership.find_members",), "unauthenticated"),
        (("membership.find_members", "--token", "forged"), "unauthenticated"),
        (("membership.find_members", "--as", "member"), "forbidden"),
        (("membership.nothing", "--as", "staff"), "not_found"),
        (("nobody.nothing", "--as", "staff"), "not_found"),
        (("membership.find_members", "--as", "staff", "--json", '{"colour": 1}'), "invalid"),
        (("membership.find_members", "--as", "staff", "--json", "[]"), "invalid"),
        (("membership.find_members", "--as", "nobody"), "invalid"),
    ],
)
def test_a_refusal_is_json_on_stderr(run: Run, arguments: tuple[str, ...], code: str) -> None:
    """The exit status is 1, the code is the wire table's, and stdout is empty."""
    result = run("call", *arguments)
    assert (result.status, result.out, result.error["code"]) == (1, "", code)


@pytest.mark.parametrize(
    ("method", "meant"),
    [("memberhsip.find_members", "membership"), ("membership.find_membrs", "find_members")],
)
def test_a_slip_in_a_name_is_answered_with_the_nearest(run: Run, method: str, meant: str) -> None:
    """Of a service and of a method alike."""
    error = run("call", method, "--as", "staff").error
    assert (error["code"], error["details"]["nearest"][0]) == ("not_found", meant)
    assert f"Did you mean {meant}" in error["message"]


def test_the_services_say_what_can_be_called(run: Run) -> None:
    """Every method with its scope and arguments, without a token; of one, everything."""
    answers = run("methods", "--json").answer
    listed = {f"{each['service']}.{view['name']}" for each in answers for view in each["items"]}
    assert listed == {str(method) for method in METHODS}
    lines = run("methods", "membership").out.splitlines()
    assert any(line.startswith("membership.admit member_id") for line in lines)
    (one,) = run("methods", "membership.admit", "--json").answer
    assert one["items"][0]["arguments"]["required"] == ["member_id"]
    assert run("methods", "membership.admid").error["details"]["nearest"][0] == "admit"


def test_an_expired_token_is_refused_with_the_reason(run: Run, stack: Stack) -> None:
    """The holder learns that a new token is needed, not that the old one was wrong."""
    token = stack.token("staff", ttl_seconds=-1)
    result = run("call", "membership.find_members", "--token", token)
    assert (result.status, result.error["details"]) == (1, {"reason": "expired"})


@pytest.mark.parametrize(
    ("uri", "code"),
    [
        ("amqp://127.0.0.1:1//", "unavailable"),
        ("nonsense", "invalid"),
    ],
)
@pytest.mark.parametrize(
    "arguments", [("call", "membership.find_members"), ("events", "tail")], ids=" ".join
)
def test_a_broker_that_is_not_there_is_told_at_once(
    run: Run, uri: str, code: str, arguments: tuple[str, ...]
) -> None:
    """Nobody waits for an address at which no broker is."""
    result = run(*arguments, AMQP_URI=uri)
    assert (result.status, result.out, result.error["code"]) == (1, "", code)


def test_wrong_usage_is_status_2(run: Run) -> None:
    """A command that there is not is no refusal of the services."""
    assert run("bogus").status == run("call", "membership.find_members", "--bogus").status == 2


def test_the_file_of_a_running_stack_is_enough(
    run: Run, environment: dict[str, str], tmp_path: Path
) -> None:
    """Address and tokens are found in .run/env when the environment has none."""
    names = [name for name in environment if name == "AMQP_URI" or name.startswith("TOKEN_")]
    (tmp_path / ".run").mkdir()
    lines = [f"{name}='{environment.pop(name)}'\n" for name in names]
    (tmp_path / ".run" / "env").write_text("".join(lines))
    assert run("call", "membership.find_members", "--as", "staff").status == 0


@pytest.mark.parametrize("address", ["AMQP_URI", "AMQP_URI_INTEGRATOR"])
def test_tail_prints_an_event_as_it_happens(
    world: World, environment: dict[str, str], tmp_path: Path, address: str
) -> None:
    """Only what matches is printed, as a line of JSON each; an interrupt ends it with status 0."""
    # A shell's background jobs ignore interrupts, and so would what they start.
    listening = ["env", "--default-signal=INT", *COMMAND, "events", "tail"]
    command = [*listening, "--json", "--pattern", "registration.*"]
    with subprocess.Popen(
        command,
        env={**environment, "AMQP_URI": environment[address]},
        cwd=tmp_path,
        stdout=PIPE,
        stderr=PIPE,
        text=True,
    ) as tail:
        assert tail.stdout is not None
        assert tail.stderr is not None
        assert tail.stderr.readline() == "Listening.\n"
        (member_id,) = world.apply([invent()])
        event = json.loads(tail.stdout.readline())
        tail.send_signal(signal.SIGINT)
        rest, errors = tail.communicate(timeout=SECONDS)
    assert event["type"] == "faculty.membership.registration.verified"
    assert event["data"]["member_id"] == member_id
    assert (tail.returncode, rest, errors) == (0, "", "")


def test_tail_warns_of_a_pattern_that_nothing_fits(
    environment: dict[str, str], tmp_path: Path
) -> None:
    """It listens all the same: the event may be one that is to come."""
    listening = ["env", "--default-signal=INT", *COMMAND, "events", "tail"]
    command = [*listening, "--pattern", "offers.*"]
    with subprocess.Popen(
        command, env=environment, cwd=tmp_path, stdout=PIPE, stderr=PIPE, text=True
    ) as tail:
        assert tail.stderr is not None
        assert tail.stderr.readline() == "Listening.\n"
        assert "Did you mean offer.*" in tail.stderr.readline()
        tail.send_signal(signal.SIGINT)
        tail.communicate(timeout=SECONDS)
    assert tail.returncode == 0


def test_the_published_matching_example_by_the_command(run: Run) -> None:
    """As docs/programmes/matching.md has it, word for word."""
    text = (REPOSITORY / "docs/programmes/matching.md").read_text(encoding="utf-8")
    block = next(
        part for part in text.split("```") if "faculty call programmes.preview_match" in part
    )
    command = shlex.split(block[block.index("faculty call") :].replace("\\\n", " "))
    done = run(*command[1:])
    assert (done.status, done.err) == (0, "")
    answer = done.answer
    given = {each["application_id"]: each["post_id"] for each in answer["assignments"]}
    assert given == {
        "anderson": "city",
        "chen": "mercy",
        "davis": "general",
        "eastman": "city",
        "ford": "general",
    }
    assert (answer["certificate"]["blocking"], answer["certificate"]["infeasible"]) == (0, [])
