"""Work in many processes is the work of one."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from bylaw import parallel
from bylaw.parallel import fork_map
from tests.driver.repository import Repository, fill


def doubled(numbers: Sequence[int]) -> list[int]:
    return [2 * number for number in numbers]


@pytest.fixture(autouse=True)
def three_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "processes", lambda: 3)


@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 100, 1000])
def test_each_item_is_worked_on_once(count: int) -> None:
    found = [n for chunk in fork_map(doubled, range(count), 10) for n in chunk]
    assert sorted(found) == doubled(range(count))


def test_results_larger_than_a_pipe_arrive_whole() -> None:
    found = [
        data
        for chunk in fork_map(lambda ns: [bytes([n]) * 400_000 for n in ns], range(40), 2)
        for data in chunk
    ]
    assert sorted(found) == [bytes([n]) * 400_000 for n in range(40)]


def test_what_a_killed_child_leaves_undone_is_done() -> None:
    parent = os.getpid()

    def mortal(numbers: Sequence[int]) -> list[int]:
        if 50 in numbers and os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        return doubled(numbers)

    found = [n for chunk in fork_map(mortal, range(100), 2) for n in chunk]
    assert sorted(found) == doubled(range(100))


def test_a_fault_in_a_child_is_the_parents() -> None:
    def failing(numbers: Sequence[int]) -> int:
        return 1 // (numbers[0] - numbers[0])

    with pytest.raises(ZeroDivisionError):
        list(fork_map(failing, range(100), 2))


def test_no_child_outlives_its_work() -> None:
    before = _children()
    work = fork_map(doubled, range(100), 2)
    next(work)
    work.close()  # type: ignore[attr-defined] # a generator
    assert _children() <= before


def _children() -> set[str]:
    """Return the processes that this one has started and not waited for; tests before may have."""
    found = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if status.read_text().rpartition(")")[2].split()[1] == str(os.getpid()):
                found.add(status.parent.name)
    return found


def test_many_decisions_become_the_bytes_of_one_process(repository: Repository) -> None:
    """Above 150 files the compiler forks, if it may use more than one processor."""
    fill(repository, range(320))
    many = repository.build()
    processors = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, processors[:1])
    try:
        one = repository.build(BYLAW_CACHE_DIR=str(repository.cache / "other"))
    finally:
        os.sched_setaffinity(0, processors)
    assert one == many


def test_a_killed_build_leaves_no_process_behind(repository: Repository) -> None:
    fill(repository, range(400))
    for delay in (0.25, 0.45, 0.7):
        process = repository.start("build", BYLAW_CACHE_DIR=str(repository.cache / str(delay)))
        time.sleep(delay)
        process.kill()
        process.communicate()
    deadline = time.monotonic() + 10
    mark = str(repository.cache).encode()
    while left := _running(mark):
        assert time.monotonic() < deadline, left
        time.sleep(0.05)


def _running(mark: bytes) -> list[str]:
    """Return the processes whose environment holds a text."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/environ", "rb") as file:
                if mark in file.read():
                    found.append(name)
        except OSError:
            continue
    return found


def test_ctrl_c_ends_a_build_in_many_processes(repository: Repository) -> None:
    fill(repository, range(600))
    process = subprocess.Popen(
        repository.command("build"),
        cwd=repository.root,
        env=repository.variables({}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    time.sleep(0.5)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode in {0, 130}
    assert "Traceback" not in err
