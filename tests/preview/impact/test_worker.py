"""The process that measures: it may be killed, overtaken or left alone."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from bylaw.preview.impact.model import Ask
from bylaw.preview.impact.shown import ImpactView, Selection
from bylaw.preview.worker import ImpactError, ImpactWorker, SupersededError
from tests.apart import run_apart
from tests.preview.impact.repository import PROPOSAL, make, write

_MANY = 900


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository that takes a while to look through."""
    root = make(tmp_path_factory.mktemp("worker") / "shop")
    text = "import sqlalchemy\n\n\ndef Bad():\n    return sqlalchemy\n"
    write(root, {f"src/shop/m{n % 30}/f{n}.py": text for n in range(_MANY)})
    return root


def _run(root: Path, play: Callable[[ImpactWorker], Awaitable[None]]) -> None:
    async def scene() -> None:
        worker = ImpactWorker(root)
        try:
            await asyncio.wait_for(play(worker), 120)
        finally:
            worker.close()
            await asyncio.sleep(0.05)

    run_apart(scene())


def _is_there(process: int) -> bool:
    try:
        with open(f"/proc/{process}/stat") as stream:
            return stream.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _group(number: int) -> list[int]:
    """Return the processes of a group that have not ended."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and _is_there(int(entry.name)):
            with contextlib.suppress(ProcessLookupError):
                if os.getpgid(int(entry.name)) == number:
                    found.append(int(entry.name))
    return found


def _text(root: Path, number: int) -> str:
    return (root / PROPOSAL).read_text() + f"- [more{number}] File `m{number}` MUST NOT exist.\n"


def test_progress_is_told_and_windows_of_the_result_are_sent(root: Path) -> None:
    async def play(worker: ImpactWorker) -> None:
        told: list[tuple[str, int, int]] = []
        view = await worker.measure(Ask(PROPOSAL), lambda *each: told.append(each))
        assert view is not None
        assert view.violations == 2 * _MANY + 6
        assert len(view.rows) == 100
        stages = [stage for stage, _, _ in told]
        assert [s for s in ("read", "check", "count") if s in stages] == ["read", "check", "count"]
        assert max(total for stage, _, total in told if stage == "check") > _MANY
        rest = await worker.view(Ask(PROPOSAL), Selection("src/shop/m7", start=30, count=20))
        assert rest is not None
        assert (rest.violations, len(rest.rows)) == (60, 20)
        assert await worker.measure(Ask("docs/adr/none.md")) is None

    _run(root, play)


def test_a_newer_ask_takes_the_place_of_an_older_and_others_wait(root: Path) -> None:
    async def play(worker: ImpactWorker) -> None:
        begun = asyncio.Event()
        older = asyncio.ensure_future(
            worker.measure(Ask(PROPOSAL, _text(root, 1)), lambda *_: begun.set())
        )
        waiting = asyncio.ensure_future(worker.measure(Ask(PROPOSAL, _text(root, 2))))
        other = asyncio.ensure_future(worker.measure(Ask(PROPOSAL), key="another"))
        with pytest.raises(SupersededError):
            await older
        newest = await worker.measure(Ask(PROPOSAL, _text(root, 3)))
        with pytest.raises(SupersededError):
            await waiting
        assert newest is not None
        assert "0002-no-orm/more3" in {s.id for s in newest.sentences}
        assert await other is not None

    _run(root, play)


def test_what_is_overtaken_midway_is_given_up_without_a_new_process(tmp_path: Path) -> None:
    root = make(tmp_path / "shop")

    async def play(worker: ImpactWorker) -> None:
        await worker.measure(Ask(PROPOSAL))
        process = worker.process
        # What nobody has read before takes longer than the patience with who does not listen.
        body = "".join(f"def good{n}(a):\n    return {time.time_ns()}, a\n" for n in range(300))
        write(root, {f"src/shop/new/n{n}.py": f"{body}# {n}\n" for n in range(500)})
        begun = asyncio.Event()

        def tell(stage: str, *_: int) -> None:
            if stage == "check":
                begun.set()

        older = asyncio.ensure_future(worker.measure(Ask(PROPOSAL, _text(root, 4)), tell))
        await begun.wait()
        newest = await worker.measure(Ask(PROPOSAL, _text(root, 5)))
        with pytest.raises(SupersededError):
            await older
        assert newest is not None
        assert worker.process == process

    _run(root, play)


def test_a_process_that_does_not_listen_is_killed_when_it_is_overtaken(root: Path) -> None:
    async def play(worker: ImpactWorker) -> None:
        await worker.measure(Ask(PROPOSAL))
        process = worker.process
        assert process is not None
        os.kill(process, signal.SIGSTOP)
        older = asyncio.ensure_future(worker.measure(Ask(PROPOSAL, _text(root, 6))))
        await asyncio.sleep(0.1)
        newest = await worker.measure(Ask(PROPOSAL, _text(root, 7)))
        with pytest.raises(SupersededError):
            await older
        assert newest is not None
        assert worker.process != process
        assert not _is_there(process)

    _run(root, play)


def test_a_process_that_is_killed_midway_is_started_again_and_the_answer_comes(
    root: Path,
) -> None:
    async def play(worker: ImpactWorker) -> None:
        killed: list[int] = []

        def kill(stage: str, *_: int) -> None:
            if stage == "check" and not killed and worker.process is not None:
                killed.append(worker.process)
                os.kill(worker.process, signal.SIGKILL)

        view = await worker.measure(Ask(PROPOSAL), kill)
        assert view is not None
        assert view.violations >= 2 * _MANY
        assert killed
        assert worker.process not in (None, killed[0])

    _run(root, play)


def test_one_that_dies_again_and_again_is_a_fault_and_the_next_ask_goes_well(root: Path) -> None:
    async def play(worker: ImpactWorker) -> None:
        def kill(*_: object) -> None:
            if worker.process is not None:
                os.kill(worker.process, signal.SIGKILL)

        with pytest.raises(ImpactError) as fault:
            await worker.measure(Ask(PROPOSAL), kill)
        assert fault.value.why == "the process that judges was ended by signal 9"
        assert isinstance(await worker.measure(Ask(PROPOSAL)), ImpactView)

    _run(root, play)


def test_a_result_that_was_lost_with_its_process_is_measured_again(root: Path) -> None:
    async def play(worker: ImpactWorker) -> None:
        await worker.measure(Ask(PROPOSAL))
        process = worker.process
        assert process is not None
        os.kill(process, signal.SIGKILL)
        view = await worker.view(Ask(PROPOSAL), Selection("src/shop/web"))
        assert view is not None
        assert view.violations == 3
        assert worker.process != process

    _run(root, play)


_PARENT = """
import asyncio, sys
from pathlib import Path
from bylaw.preview.impact.model import Ask
from bylaw.preview.worker import ImpactWorker

async def main():
    worker = ImpactWorker(Path(sys.argv[1]))
    def tell(stage, *_):
        print(worker.process, stage, flush=True)
    for _ in range(100):
        await worker.measure(Ask(sys.argv[2]), tell)
        print(worker.process, "idle", flush=True)
        await asyncio.sleep(60)
asyncio.run(main())
"""


@pytest.fixture(params=["check", "idle"])
def parent(
    root: Path, request: pytest.FixtureRequest
) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A process with a worker that is at work, or has nothing to do, and the worker's number."""
    with subprocess.Popen(
        [sys.executable, "-c", _PARENT, str(root), PROPOSAL],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": ":".join(filter(None, sys.path))},
    ) as process:
        assert process.stdout is not None
        number = 0
        for line in process.stdout:
            number, stage = int(line.split()[0]), line.split()[1]
            if stage == request.param:
                break
        yield process, number
        process.kill()


def test_the_process_ends_with_its_parent_however_that_ends(
    parent: tuple[subprocess.Popen[str], int],
) -> None:
    process, number = parent
    assert _is_there(number)
    process.kill()
    end = time.monotonic() + 10
    # Nor may anything be left that it has forked.
    while _group(number) and time.monotonic() < end:
        time.sleep(0.05)
    assert _group(number) == []


def test_nothing_of_the_repository_is_imported(tmp_path: Path) -> None:
    root = make(tmp_path / "shop")
    write(root, {"json.py": "raise SystemExit(7)\n", "bylaw/__init__.py": "raise SystemExit(7)\n"})
    before = os.getcwd()
    os.chdir(root)
    try:

        async def play(worker: ImpactWorker) -> None:
            assert await worker.measure(Ask(PROPOSAL)) is not None

        _run(root, play)
    finally:
        os.chdir(before)
