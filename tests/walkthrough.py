"""Let coding agents work in the sample shop, and show what they are told.

    python tests/walkthrough.py [--svg FILE] [SCENE ...]

Everything is real but the agents: their tool calls are those in `adrs-sample/agents/calls`. Each
goes through `bylaw hook` in a process of its own, in a copy of the shop with a git repository; what
is allowed is done. The exit status is 1 where an answer is not what it should be.
"""

import argparse
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from rich.console import Console
from rich.text import Text

# A script finds its own folder only.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.demo import BIN, committed
from tests.stage import CALLS, Stage, essence

Scene = Callable[[Stage], None]

# --- the scenes ----------------------------------------------------------------------------------


def task(stage: Stage) -> None:
    """From claims to settlement."""
    stage.scene("A task, from its claims to its settlement")
    stage.again("agent/tide-318")
    claim(stage, "agents/claims-too-wide.toml", "beside", "infra", "read-first", "release")
    claim(stage, "agents/claims.toml")
    env = "0006-configuration-in-one-place/env"
    instead = "`shop.config.settings`"
    stage.tries(
        "letter-reads-environment", env, line='host = os.environ["SHOP_MAIL_HOST"]', says=instead
    )
    stage.tries("letter", line="host = settings().mail_host")
    stage.tries("letter-test", line="def test_a_letter_can_be_written() -> None:")
    script = stage.tries("print-by-script")
    stage.expect(script.decision == "block", "a write by a script is not caught")
    stage.holds_to("print-by-script", script, "0006-configuration-in-one-place/no-print")
    stage.tries("take-back-print")
    stage.tries("unclaimed-default", line="LETTER_DELAY = 2")
    stops(stage, "0014-agents/checked")
    tested(stage)
    stops(stage)
    settle(stage, "src/shop/defaults.py")
    stage.tries("restore-default")
    tested(stage)
    stops(stage)
    settle(stage)


def claim(stage: Stage, path: str, *forbidden: str) -> None:
    """Check claims, which these sentences forbid."""
    status, found = stage.bylaw("claims", "check", path)
    errors = [d["message"] for d in found["diagnostics"] if d["severity"] == "error"]
    stage.expect(status == (1 if forbidden else 0), f"{path}: exit status {status}")
    stage.expect(len(errors) == len(forbidden), f"{path}: {errors}")
    for name in forbidden:
        stage.expect(any(f"/{name})" in e for e in errors), f"{path} is not refused by {name}")
    told = errors or [f"within {each['what']} ({each['constraint']})" for each in found["limits"]]
    stage.show("agent B", f"$ bylaw claims check {path}", outcome(status), "\n".join(told))


def settle(stage: Stage, *unclaimed: str) -> None:
    """Settle the task; these paths are not claimed."""
    command = ["claims", "settle", "agents/claims.toml", "--record", ".git/bylaw/record"]
    status, found = stage.bylaw(*command)
    errors = [d["message"] for d in found["diagnostics"] if d["severity"] == "error"]
    stage.expect(status == (1 if unclaimed else 0), f"settled with {status}: {found}")
    stage.expect(len(errors) == len(unclaimed), f"settled: {errors}")
    for path in unclaimed:
        stage.expect(any(f"`{path}`" in error for error in errors), f"{path} settles: {errors}")
    settled = [f"{each['path']} ({each['done']}, as claimed)" for each in found["settled"]]
    told = "\n".join(errors or settled)
    stage.show("people", f"$ bylaw {' '.join(command[:3])}", outcome(status), told)


def outcome(status: int) -> str:
    """Return the word for an exit status."""
    return "refused" if status else "accepted"


def tested(stage: Stage) -> None:
    """Have the tests run; the recorded result stands for a run."""
    answer = stage.ask(stage.call("make-test"), "B")
    stage.expect(answer.decision == "allow", f"make test: {answer}")
    stage.ask(stage.call("make-test-passed"), "B")
    stage.show("agent B", "$ make test", "allowed")


def stops(stage: Stage, *broken: str) -> None:
    """Let the agent stop, which these constraints forbid."""
    answer = stage.ask(stage.call("stop"), "B")
    stage.expect(answer.decision == ("block" if broken else "allow"), f"stop: {answer}")
    stage.holds_to("stop", answer, *broken)
    word, told = ("sent back", essence(answer.told)) if broken else ("allowed", "")
    stage.show("agent B", "stops", word, told)


def lane(stage: Stage) -> None:
    """Keep each class of agents where it belongs."""
    stage.scene("Classes: A writes documentation, B writes features, C looks after the servers")
    stage.again("agent/docs-7")
    line = '"""Send a message that has a subject and no body."""'
    stage.tries("class-a-fixes-mailing", "0014-agents/lane", agent="A", line=line)
    stage.tries("class-a-writes-docs", agent="A", line="# Mailing")
    line = "https://legacy"
    broken = ("0014-agents/beside", "0014-agents/infra")
    stage.tries("proxy-over-https-by-b", *broken, line=line)
    stage.tries("proxy-over-https", agent="C", line=line)


def remedy(stage: Stage) -> None:
    """Tell two agents the same alternative."""
    stage.scene("Inconsistent remediation: another agent, another host, the same alternative")
    stage.again("agent/tide-318-retry")
    env = "0006-configuration-in-one-place/env"
    says = "`shop.config.settings`"
    stage.tries("letter-of-another-agent", env, line='host = getenv("SHOP_MAIL_HOST")', says=says)


def drift(stage: Stage) -> None:
    """Keep a library out that was given up."""
    stage.scene("Dependency drift: what was given up comes back")
    stage.again("agent/tide-331")
    says = "signed tokens"
    stage.tries("redis-again", "0009-signed-tokens/no-redis", says=says)


def framework(stage: Stage) -> None:
    """Keep to the form that the framework is used in."""
    stage.scene("Framework violation: a component of another kind")
    stage.again("agent/tide-332")
    line = "export class Basket extends React.Component<{ items: number }> {"
    stage.tries("class-component", "0011-typescript-storefront/functions", line=line)
    line = "export function Basket({ items }: { items: number }) {"
    stage.tries("function-component", line=line)


def bypass(stage: Stage) -> None:
    """Meet an agent that goes round the rules."""
    stage.scene("Policy bypass: through the shell, through the decision, past the commit hook")
    stage.again("agent/tide-333")
    stage.tries("letter")
    stage.tries("print-by-redirection", "0006-configuration-in-one-place/no-print")
    line = "SHOULD NOT depend on `redis`"
    stage.tries("edit-the-decision", "0014-agents/house-rules", line=line)
    stage.tries("no-verify", "0014-agents/no-bypass")


def eyes(stage: Stage) -> None:
    """Read before changing, and two people after it."""
    stage.scene("Payments: read first, and two people look")
    stage.again("agent/tide-350")
    stage.tries("invoice-unread", "0014-agents/read-first", line="except OSError:")
    stage.tries("read-payments")
    stage.tries("invoice", line="except OSError:")
    stage.git("commit", "-q", "-a", "-m", "Let no fault of an invoice pass unseen")
    file = str(stage.shop.parent / "approvals.jsonl")
    for who, enough in (("@tom", False), ("@rosa", True)):
        stage.run([str(BIN / "bylaw"), "approve", "--by", who, "--file", file])
        _, found = stage.bylaw("check", "--diff", "main", "--agent", "B", "--approvals", file)
        id_ = "0015-two-pairs-of-eyes/payments"
        broken = [v for v in found["violations"] if v["constraint"] == id_]
        unknown = [v for v in found["not_evaluated"] if v["constraint"] == id_]
        stage.expect(bool(broken) != enough and not unknown, f"{who}: {broken}{unknown}")
        told = "".join(f"{v['path']}: {v['detail']}\n{v['sentence']}" for v in broken)
        stage.show(who, "$ bylaw approve", "accepted" if not broken else "waits", told)


def fix(stage: Stage) -> None:
    """Judge a remedy by all decisions."""
    stage.scene("A fix that breaks another decision")
    stage.again("agent/tide-340")
    broken = "0003-database-behind-the-store/repositories"
    stage.tries("move-sql", broken, line="class CountRepository:")
    stage.tries("move-sql-well", line="class CountRepository(Repository):")
    stage.tries("no-sql-in-checkout", line="from shop.store.counts import CountRepository")


def surfaces(stage: Stage) -> None:
    """Get the same verdict at the tool call, at the commit and in CI."""
    stage.scene("Execution-surface divergence: one verdict, wherever it is asked for")
    stage.again("agent/tide-360")
    id_, place = "0011-typescript-storefront/no-axios", "web/src/api/prices.ts:1"
    line = 'import axios from "axios";'
    for name in ("prices", "prices-neutral"):
        stage.tries(name, id_, line=line, says=f"{place}: ")
    call = stage.call("prices")
    stage.make(call, "B")
    stage.git("add", "-A")
    at_commit = verdicts(stage, "--staged", "--diff", "HEAD")
    stage.git("commit", "-q", "-m", "Show prices")
    in_ci = verdicts(stage, "--diff", "main")
    stage.expect(at_commit == in_ci == [f"{place}: {id_}"], f"{at_commit} and {in_ci}")


def verdicts(stage: Stage, *options: str) -> list[str]:
    """Check, show and return what is violated, by place and constraint."""
    _, found = stage.bylaw("check", *options, "--agent", "B")
    seen = []
    for each in found["violations"]:
        place = f"{each['path']}:{each['line']}" if each["line"] else each["path"]
        seen.append(f"{place}: {each['constraint']}")
    shown = f"$ bylaw check {' '.join(options)}"
    stage.show("people", shown, "violated" if seen else "clean", "\n".join(seen))
    return seen


def parallel(stage: Stage) -> None:
    """Find what two changes break together."""
    stage.scene("Cross-agent inconsistency: two changes, each clean, and not together")
    for name, line in (
        ("mailing-knows-shipping", "from shop.services.shipping import RATES"),
        ("shipping-knows-mailing", "from shop.services.mailing import send"),
    ):
        stage.again(f"agent/{name}")
        stage.tries(name, line=line)
        stage.git("commit", "-q", "-a", "-m", "Know a neighbour")
        stage.expect(verdicts(stage, "--diff", "main") == [], f"{name} is not clean")
    stage.git("merge", "-q", "-m", "Merge the other", "agent/mailing-knows-shipping")
    stage.show("people", "$ git merge agent/mailing-knows-shipping", "clean")
    cycle = "0002-layered-monolith/no-cycles"
    found = verdicts(stage, "--diff", "main")
    stage.expect([each.rpartition(" ")[2] for each in found] == [cycle], f"merged: {found}")


SCENES: tuple[Scene, ...] = (
    task,
    lane,
    remedy,
    drift,
    framework,
    bypass,
    eyes,
    fix,
    surfaces,
    parallel,
)


def play(scenes: Sequence[Scene]) -> Iterator[Stage]:
    """Play scenes, some at a time; each in a copy of the shop that is a repository of its own."""
    jobs = min(len(scenes), os.cpu_count() or 1, 4)
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(jobs) as pool:
        free: SimpleQueue[Path] = SimpleQueue()
        for number in range(jobs):
            shop = Path(folder) / str(number) / "shop"
            committed(shop)
            free.put(shop)

        def played(scene: Scene) -> Stage:
            stage = Stage(free.get())
            # The records of another scene's agents are no part of this one.
            shutil.rmtree(stage.shop / ".git" / "bylaw", ignore_errors=True)
            scene(stage)
            free.put(stage.shop)
            return stage

        yield from pool.map(played, scenes)


def main() -> int:
    """Play the scenes, and return an exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    names = {scene.__name__: scene for scene in SCENES}
    parser.add_argument("scenes", nargs="*", metavar="SCENE", help=", ".join(names))
    parser.add_argument("--svg", type=Path, help="save a picture of the terminal")
    arguments = parser.parse_args()
    if unknown := [name for name in arguments.scenes if name not in names]:
        parser.error(f"there is no scene {unknown[0]}")
    console = Console(record=bool(arguments.svg), width=98 if arguments.svg else None)
    faults = 0
    used: set[str] = set()
    for stage in play([names[name] for name in arguments.scenes or names]):
        before = [""] if used else []
        for each in (*before, *stage.shown):
            console.print(each, highlight=False)
        faults += len(stage.faults)
        used |= stage.used
    never = {path.stem for path in CALLS.glob("*.json")} - used
    if never and not arguments.scenes:
        faults += 1
        console.print(Text(f"nobody makes the calls {sorted(never)}", "bold red"))
    if faults:
        console.print(Text(f"not as it should be: {faults}", "bold red"))
    if arguments.svg:
        picture = console.export_svg(title="make demo")
        # Fonts from elsewhere would be fetched by whoever looks at it.
        arguments.svg.write_text(re.sub(r"@font-face \{.*?\}\s*", "", picture, flags=re.S), "utf-8")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
