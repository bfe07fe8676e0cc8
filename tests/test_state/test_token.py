"""What runs of one user tell each other about a token: on disk, by several processes, whatever happens to the file."""

import hashlib
import sqlite3
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from exfig_rx.cli.commands import Batch
from exfig_rx.cli.options import parse
from exfig_rx.model import Problem, Tier
from exfig_rx.scheduling.ledger import News, Refusal, Sent
from exfig_rx.state.token import FILE_NAME, PORTION_KEPT_S, TokenLedger, open_ledger, state_folder

URL = "https://api.figma.com"
TOKEN = "figd_secret-0123456789"
START_S = 1_790_000_000.0


class Runs:
    """Ledgers of one folder; `problems` is what they warned of.

    `now_s` is real time, in which the clocks of all runs go; `wall_ahead_s` is what somebody set the clock on the wall
    ahead by, and `start(behind_s)` a run whose own clock stood still for so long while the machine slept.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now_s = START_S
        self.wall_ahead_s = 0.0
        self.problems: list[Problem] = []
        self._open: list[TokenLedger] = []

    def start(self, token: str = TOKEN, url: str = URL, behind_s: float = 0.0) -> TokenLedger:
        ledger = TokenLedger(
            self.folder,
            url,
            token,
            now_s=lambda: self.now_s - behind_s,
            wall_s=lambda: self.now_s + self.wall_ahead_s,
            warn=self.problems.append,
        )
        self._open.append(ledger)
        return ledger

    def sent(self, at_s: float = 0.0, file_key: str = "Key", tier: Tier = Tier.ONE) -> Sent:
        """A send `at_s` seconds from now."""
        return Sent(tier, file_key, round((self.now_s + at_s) * 1_000_000))

    def end(self) -> None:
        for ledger in self._open:
            ledger.close()


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Runs]:
    started = Runs(tmp_path / "state" / "exfig")
    yield started
    started.end()


def always(_: News) -> bool:
    return True


def heard(ledger: TokenLedger) -> News:
    """What this run hears next; it sends nothing."""
    news: list[News] = []

    def listen(one: News) -> bool:
        news.append(one)
        return False

    assert ledger.claim(Sent(Tier.ONE, "", round(ledger._now_s() * 1_000_000)), listen) is False
    return news[0]


def refusal(until: float, file_key: str = "Key", plan: str = "starter") -> Refusal:
    """What a 429 said of a request that had left at the start."""
    return Refusal(Tier.ONE, file_key, until, plan, "high", "www.figma.com", sent_at=START_S)


# ── what is shared ──


def test_every_run_hears_of_the_sends_of_others_once_and_never_of_its_own(runs: Runs) -> None:
    one, other = runs.start(), runs.start()
    first = runs.sent()
    assert one.claim(first, always)
    assert heard(one) == News()
    assert heard(other) == News((first,))
    runs.now_s += 1
    second = runs.sent(0, "Else", Tier.THREE)
    assert other.claim(second, always)
    assert heard(one) == News((second,))
    assert heard(one) == heard(other) == News()
    assert heard(runs.start()).sends == (first, second)


def test_what_was_not_allowed_was_not_sent(runs: Runs) -> None:
    assert not runs.start().claim(runs.sent(), lambda _: False)
    assert heard(runs.start()) == News()


def test_nobody_else_decides_while_one_decides(runs: Runs) -> None:
    one = runs.start()
    other = sqlite3.connect(runs.folder / FILE_NAME, timeout=0, isolation_level=None)

    def allowed(_: News) -> bool:
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        return True

    assert one.claim(runs.sent(), allowed)
    other.execute("BEGIN IMMEDIATE").connection.rollback()
    other.close()


def test_plans_and_refusals_come_back_in_later_runs_until_they_are_over(runs: Runs) -> None:
    first = runs.start()
    first.learn("Key", "enterprise", START_S + 900)
    first.learn("Key", "starter", START_S + 900)
    first.learn("Other", "professional", START_S + 400)
    first.refused(refusal(START_S + 500))
    first.close()
    later = runs.start()
    plans = {"Key": "starter", "Other": "professional"}
    assert later.recall() == News(plans=plans, refusals=(refusal(START_S + 500),))
    assert later.recall() == News()
    runs.now_s += 500
    assert runs.start().recall() == News(plans={"Key": "starter"})
    runs.now_s += 400
    assert runs.start().recall() == News()


def test_a_run_that_goes_on_hears_what_others_were_told_meanwhile(runs: Runs) -> None:
    one, other = runs.start(), runs.start()
    assert one.recall() == other.recall() == News()
    other.learn("Key", "starter", START_S + 900)
    other.refused(refusal(START_S + 50))
    other.wait(runs.sent())
    assert heard(one) == News((), (runs.sent(),), {"Key": "starter"}, (refusal(START_S + 50),))
    assert heard(one) == heard(other) == News()


def test_refusals_and_plans_can_be_forgotten_each_alone(runs: Runs) -> None:
    ledger = runs.start()
    ledger.learn("Key", "starter", START_S + 900)
    ledger.refused(refusal(START_S + 500))
    ledger.refused(refusal(START_S + 5, "Other"))
    ledger.forget_refusals()
    assert runs.start().recall() == News(plans={"Key": "starter"})
    ledger.forget_plans()
    assert runs.start().recall() == News()
    ledger.learn("Key", "professional", START_S + 900)
    assert runs.start().recall() == News(plans={"Key": "professional"})


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        ((), ("plans", "refusals")),
        (("--plan", "enterprise"), ("refusals",)),
        (("--rate-limit", "600"), ("refusals",)),
        (("--ignore-lockout",), ()),
    ],
)
def test_options_that_say_otherwise_drop_what_was_learnt(
    options: tuple[str, ...], kept: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    command = parse(["batch", *options], {})
    assert isinstance(command, Batch)
    runs = Runs(tmp_path / "exfig")
    before = runs.start()
    before.learn("Key", "starter", START_S + 900)
    before.refused(refusal(START_S + 500))
    clocks = {"now_s": lambda: START_S, "wall_s": lambda: START_S}
    ledger = open_ledger(command.settings, URL, TOKEN, **clocks, warn=runs.problems.append)
    found = ledger.recall()
    assert bool(found.plans) is ("plans" in kept)
    assert bool(found.refusals) is ("refusals" in kept)
    ledger.close()
    runs.end()


def test_what_is_stored_after_something_was_forgotten_is_heard(runs: Runs) -> None:
    one, other = runs.start(), runs.start()
    other.refused(refusal(START_S + 500))
    assert heard(one).refusals
    other.forget_refusals()
    other.refused(refusal(START_S + 600))
    assert heard(one).refusals == (refusal(START_S + 600),)


def test_sizes_that_were_too_much_come_back_the_newest_for_each_file_and_kind(runs: Runs) -> None:
    ledger = runs.start()
    ledger.keep_portion("Key", "SVG render, 200", 150)
    ledger.keep_portion("Key", "SVG render, 200", 75)
    ledger.keep_portion("Key", "PNG render, 40", 30)
    ledger.keep_portion("Other", "PNG render, 40", 10)
    sizes = {("Key", "SVG render, 200"): 75, ("Key", "PNG render, 40"): 30, ("Other", "PNG render, 40"): 10}
    assert runs.start().portions() == sizes
    assert heard(runs.start()) == News()
    runs.now_s += PORTION_KEPT_S
    assert runs.start().portions() == {}


@pytest.mark.parametrize(("token", "url"), [("figd_other", URL), (TOKEN, "https://api.figma-gov.com")])
def test_another_token_or_another_address_is_another_budget(runs: Runs, token: str, url: str) -> None:
    ledger = runs.start()
    ledger.claim(runs.sent(), always)
    ledger.learn("Key", "starter", START_S + 900)
    ledger.refused(refusal(START_S + 500))
    ledger.keep_portion("Key", "render", 5)
    stranger = runs.start(token, url)
    assert (stranger.recall(), stranger.portions()) == (News(), {})
    stranger.forget_refusals()
    stranger.forget_plans()
    assert runs.start().recall() == News((runs.sent(),), (), {"Key": "starter"}, (refusal(START_S + 500),))


# ── what is not ──


def test_the_token_can_not_be_read_or_guessed_from_the_folder_which_is_its_owners_alone(runs: Runs) -> None:
    ledger = runs.start()
    ledger.claim(runs.sent(), always)
    paths = [path for path in runs.folder.rglob("*") if path.is_file()]
    assert paths
    hashes = [hashlib.sha256(text.encode()).digest() for text in (TOKEN, URL + TOKEN, f"{URL}\0{TOKEN}")]
    for path in paths:
        content = path.read_bytes()
        assert TOKEN.encode() not in content
        assert not any(one in content for one in hashes)
        assert path.stat().st_mode & 0o077 == 0
    assert runs.folder.stat().st_mode & 0o777 == 0o700


def test_two_folders_have_two_salts(runs: Runs, tmp_path: Path) -> None:
    keys = set()
    for folder in (runs.folder, tmp_path / "other"):
        there = Runs(folder)
        there.start().claim(runs.sent(), always)
        there.end()
        with sqlite3.connect(folder / FILE_NAME) as database:
            keys |= set(database.execute("SELECT token FROM log"))
        database.close()
    assert len(keys) == 2


def test_old_sends_do_not_pile_up(runs: Runs) -> None:
    ledger = runs.start()
    for _ in range(1000):
        runs.now_s += 10
        assert ledger.claim(runs.sent(), always)
    ledger.close()
    database = sqlite3.connect(runs.folder / FILE_NAME)
    assert database.execute("SELECT count(*) FROM log").fetchone()[0] < 100
    database.close()


# ── clocks ──


def test_sends_of_a_time_that_is_still_to_come_count_from_now(runs: Runs) -> None:
    runs.start().claim(runs.sent(), always)
    runs.now_s -= 3600
    assert [sent.at_us for sent in runs.start().recall().sends] == [runs.sent().at_us]
    runs.now_s += 61
    assert [sent.at_us for sent in runs.start().recall().sends] == [runs.sent(-61).at_us]


def test_refusals_and_plans_keep_their_length_when_the_clock_is_set_back_between_two_runs(runs: Runs) -> None:
    ledger = runs.start()
    ledger.refused(refusal(START_S + 500))
    ledger.learn("Key", "starter", START_S + 900)
    runs.now_s -= 86_400
    later = runs.start()
    assert later.recall().refusals[0].until == pytest.approx(runs.now_s + 500)
    runs.now_s += 901
    assert runs.start().recall() == News()


@pytest.mark.parametrize("behind_s", [3600.0, -3600.0, 90.0, -30.0])
def test_two_runs_whose_own_clocks_differ_since_the_machine_slept_understand_each_other(
    runs: Runs, behind_s: float
) -> None:
    slept, fresh = runs.start(behind_s=behind_s), runs.start()
    slept.claim(runs.sent(-behind_s), always)
    slept.refused(refusal(START_S - behind_s + 50))
    runs.now_s += 10
    news = heard(fresh)
    assert [sent.at_us for sent in news.sends] == [runs.sent(-10).at_us]
    assert news.refusals[0].until == pytest.approx(START_S + 50)
    fresh.claim(runs.sent(), always)
    runs.now_s += 10
    assert [sent.at_us for sent in heard(slept).sends] == [pytest.approx(runs.sent(-10 - behind_s).at_us, abs=1)]


@pytest.mark.parametrize("by_s", [3600.0, -3600.0])
def test_what_is_heard_left_between_two_looks_however_somebody_sets_the_clock_meanwhile(
    runs: Runs, by_s: float
) -> None:
    one, other = runs.start(), runs.start()
    heard(one)
    runs.now_s += 5
    other.claim(runs.sent(), always)
    other.refused(refusal(runs.now_s + 50))
    runs.wall_ahead_s += by_s
    runs.now_s += 5
    news = heard(one)
    (at_us,) = [sent.at_us for sent in news.sends]
    assert runs.sent(-10).at_us <= at_us <= runs.sent().at_us
    assert all(told.until <= runs.now_s + 50 for told in news.refusals)


# ── files that are not what they should be ──


def overwrite(path: Path, content: bytes) -> None:
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def of_something_else(path: Path) -> None:
    overwrite(path, b"")
    with sqlite3.connect(path) as database:
        database.executescript("CREATE TABLE log (x); PRAGMA user_version = 1;")
    database.close()


def cut_in_half(path: Path) -> None:
    overwrite(path, path.read_bytes()[: path.stat().st_size // 2])


BREAKS: list[Callable[[Path], None]] = [
    lambda path: overwrite(path, b"no database at all" * 100),
    lambda path: overwrite(path, b""),
    of_something_else,
    cut_in_half,
    lambda path: overwrite(path, path.read_bytes()[:100] + b"\xff" * (path.stat().st_size - 100)),
]


@pytest.mark.parametrize("spoil", BREAKS)
def test_a_broken_file_is_made_anew_without_a_word(runs: Runs, spoil: Callable[[Path], None]) -> None:
    before = runs.start()
    before.claim(runs.sent(), always)
    before.close()
    spoil(runs.folder / FILE_NAME)
    one, other = runs.start(), runs.start()
    sent = runs.sent()
    assert one.claim(sent, always)
    assert heard(other).sends[-1] == sent
    assert runs.problems == []


def test_a_file_that_breaks_in_the_middle_of_a_run_is_made_anew(runs: Runs) -> None:
    ledger = runs.start()
    assert ledger.claim(runs.sent(), always)
    connection = ledger._file._database
    assert connection is not None
    connection.execute("DROP TABLE log")
    runs.now_s += 1
    assert ledger.claim(runs.sent(), always)
    assert heard(runs.start()).sends == (runs.sent(),)
    assert runs.problems == []


def test_what_others_write_into_a_file_that_was_made_anew_is_heard(runs: Runs) -> None:
    ledger = runs.start()
    for _ in range(5):
        assert ledger.claim(runs.sent(), always)
    connection = ledger._file._database
    assert connection is not None
    connection.execute("DROP TABLE log")
    assert ledger.recall() == News()
    runs.start().claim(runs.sent(), always)
    assert heard(ledger).sends == (runs.sent(),)


def test_a_file_that_is_deleted_while_it_is_in_use_costs_nothing(runs: Runs) -> None:
    ledger = runs.start()
    for path in runs.folder.iterdir():
        path.unlink()
    runs.folder.rmdir()
    assert ledger.claim(runs.sent(), always)
    assert ledger.claim(runs.sent(), lambda _: False) is False
    ledger.learn("Key", "starter", START_S + 9)


def test_runs_that_make_the_file_at_the_same_moment_all_use_it(tmp_path: Path) -> None:
    problems: list[Problem] = []
    for number in range(60):
        runs, together = Runs(tmp_path / str(number)), threading.Barrier(4)
        runs.problems = problems

        def begin(runs: Runs = runs, together: threading.Barrier = together) -> None:
            together.wait()
            runs.start()

        threads = [threading.Thread(target=begin) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        runs.end()
    assert problems == []


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_where_nothing_can_be_stored_the_run_goes_on_alone_and_says_so_once(tmp_path: Path, depth: int) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("in the way")
    runs = Runs(blocker.joinpath(*["below"] * depth))
    ledger = runs.start()
    assert ledger.claim(runs.sent(), always)
    assert ledger.claim(runs.sent(), lambda _: False) is False
    ledger.refused(refusal(START_S + 5))
    ledger.learn("Key", "starter", START_S + 9)
    ledger.forget_refusals()
    assert (ledger.recall(), ledger.portions()) == (News(), {})
    (problem,) = runs.problems
    assert problem.code == "state.unusable"
    assert problem.location is not None
    assert problem.location.file == str(runs.folder / FILE_NAME)
    assert blocker.read_text() == "in the way"


def test_a_file_that_somebody_holds_for_good_is_given_up_once(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("exfig_rx.state.shared_file.BUSY_S", 0.0)
    ledger = runs.start()
    holder = sqlite3.connect(runs.folder / FILE_NAME, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    assert ledger.claim(runs.sent(), always)
    assert ledger.claim(runs.sent(), always)
    assert [problem.code for problem in runs.problems] == ["state.unusable"]
    holder.close()


# ── processes ──

CLAIM = """
import mmap, struct, sys
from pathlib import Path
from exfig_rx.model import Tier
from exfig_rx.scheduling import pacer
from exfig_rx.scheduling.ledger import News, Sent
from exfig_rx.state.token import TokenLedger

# One clock for all processes, as on one machine, but a fast one, so that nobody has to wait: whoever decides moves it.
file = open(sys.argv[2], "r+b")
clock = mmap.mmap(file.fileno(), 8)

def read() -> int:
    return struct.unpack("q", clock[:8])[0]

state = pacer.fresh(40, 3)
now_us = read()
clocks = {"now_s": lambda: read() / 1e6, "wall_s": lambda: read() / 1e6}
ledger = TokenLedger(Path(sys.argv[1]), "https://api.figma.com", "t", **clocks, warn=print)
print("ready", flush=True)
sys.stdin.readline()
while (now_us := read()) < 3_000_000_000:

    def allowed(news: News) -> bool:
        global state
        state = pacer.merged(state, [sent.at_us for sent in news.sends], now_us)
        if read() != now_us:  # it took long to be heard
            return False
        clock[:8] = struct.pack("q", now_us + 137_000)
        return pacer.earliest(state, now_us) <= now_us

    if ledger.claim(Sent(Tier.ONE, "", now_us), allowed):
        state = pacer.sent(state, now_us)
        print(now_us, flush=True)
"""


def test_processes_that_write_at_once_keep_the_limit_together_also_when_one_is_killed(tmp_path: Path) -> None:
    folder, clock = tmp_path / "exfig", tmp_path / "clock"
    clock.write_bytes(struct.pack("q", 1_000_000_000))
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", CLAIM, str(folder), str(clock)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    victim = processes[0]
    assert victim.stdout is not None
    first = victim.stdout.readline()  # it is in the middle of its work
    victim.kill()
    outs = [process.communicate(timeout=60)[0] for process in processes]
    assert [process.returncode for process in processes[1:]] == [0, 0, 0]
    # the last line of the killed one may be cut
    lines = [line for out in (first, *outs) for line in out.splitlines(keepends=True)]
    times = sorted(int(line) for line in lines if line.endswith("\n"))
    assert len(times) > 1000
    for earlier, later in zip(times, times[40:], strict=False):
        assert later - earlier >= 60_000_000
    database = sqlite3.connect(folder / FILE_NAME)
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()


# ── where ──


@pytest.mark.parametrize(
    ("environ", "platform", "folder"),
    [
        ({"XDG_STATE_HOME": "/state", "HOME": "/home/me"}, "linux", "/state/exfig"),
        ({"XDG_STATE_HOME": "/state", "HOME": "/home/me"}, "darwin", "/state/exfig"),
        ({"XDG_STATE_HOME": "not/absolute", "HOME": "/home/me"}, "linux", "/home/me/.local/state/exfig"),
        ({"HOME": "/home/me"}, "linux", "/home/me/.local/state/exfig"),
        ({"HOME": "/Users/me"}, "darwin", "/Users/me/Library/Application Support/exfig"),
        ({"HOME": "/c/me", "LOCALAPPDATA": "/c/me/Local"}, "win32", "/c/me/Local/exfig"),
        ({"HOME": "/c/me"}, "win32", "/c/me/AppData/Local/exfig"),
    ],
)
def test_the_folder_is_where_the_platform_keeps_state(environ: dict[str, str], platform: str, folder: str) -> None:
    assert state_folder(environ, platform) == Path(folder)
