"""What runs of one user tell each other about a token: on disk, by several processes, whatever happens to the file."""

import hashlib
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from exfig_rx.model import Problem, Tier
from exfig_rx.scheduling.ledger import LockOut, Memory, News, Sent
from exfig_rx.state.token import FILE_NAME, TokenLedger, state_folder

URL = "https://api.figma.com"
TOKEN = "figd_secret-0123456789"
START_S = 1_790_000_000.0


class Runs:
    """Ledgers of one folder and one clock; `problems` is what they warned of."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now_s = START_S
        self.problems: list[Problem] = []
        self._open: list[TokenLedger] = []

    def start(self, token: str = TOKEN, url: str = URL) -> TokenLedger:
        ledger = TokenLedger(self.folder, url, token, now_s=lambda: self.now_s, warn=self.problems.append)
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

    assert ledger.claim(Sent(Tier.ONE, "", 0), listen) is False
    return news[0]


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


def test_plans_and_lock_outs_come_back_in_later_runs_until_they_are_over(runs: Runs) -> None:
    lock = LockOut(Tier.ONE, "Key", START_S + 500, "starter", "high", "www.figma.com")
    first = runs.start()
    first.learn("Key", "enterprise")
    first.learn("Key", "starter")
    first.learn("Other", "professional")
    first.lock_out(lock)
    first.close()
    assert runs.start().recall() == Memory({"Key": "starter", "Other": "professional"}, (lock,))
    runs.now_s += 500
    assert runs.start().recall().lock_outs == ()


def test_lock_outs_can_be_forgotten_and_plans_stay(runs: Runs) -> None:
    ledger = runs.start()
    ledger.learn("Key", "starter")
    ledger.lock_out(LockOut(Tier.ONE, "Key", START_S + 500))
    ledger.forget_lock_outs()
    assert runs.start().recall() == Memory({"Key": "starter"})


def test_of_two_pauses_the_later_end_holds(runs: Runs) -> None:
    one, other = runs.start(), runs.start()
    one.pause(START_S + 50)
    other.pause(START_S + 10)
    assert heard(other).paused_until == START_S + 50
    other.pause(START_S + 60)
    assert heard(one).paused_until == START_S + 60


@pytest.mark.parametrize(("token", "url"), [("figd_other", URL), (TOKEN, "https://api.figma-gov.com")])
def test_another_token_or_another_address_is_another_budget(runs: Runs, token: str, url: str) -> None:
    ledger = runs.start()
    ledger.claim(runs.sent(), always)
    ledger.learn("Key", "starter")
    ledger.pause(START_S + 50)
    ledger.lock_out(LockOut(Tier.ONE, "Key", START_S + 500))
    stranger = runs.start(token, url)
    assert (heard(stranger), stranger.recall()) == (News(), Memory())
    stranger.forget_lock_outs()
    assert runs.start().recall().lock_outs


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
            keys |= set(database.execute("SELECT token FROM sends"))
        database.close()
    assert len(keys) == 2


def test_old_sends_do_not_pile_up(runs: Runs) -> None:
    ledger = runs.start()
    for _ in range(1000):
        runs.now_s += 10
        assert ledger.claim(runs.sent(), always)
    ledger.close()
    database = sqlite3.connect(runs.folder / FILE_NAME)
    assert database.execute("SELECT count(*) FROM sends").fetchone()[0] < 100
    database.close()


# ── clocks ──


def test_sends_of_a_time_that_is_still_to_come_count_from_now(runs: Runs) -> None:
    runs.start().claim(runs.sent(), always)
    runs.now_s -= 3600
    assert [sent.at_us for sent in heard(runs.start()).sends] == [runs.sent().at_us]


def test_pauses_and_lock_outs_keep_their_length_when_the_clock_is_set_back(runs: Runs) -> None:
    ledger = runs.start()
    ledger.pause(START_S + 50)
    ledger.lock_out(LockOut(Tier.ONE, "Key", START_S + 500))
    runs.now_s -= 86_400
    later = runs.start()
    assert heard(later).paused_until == pytest.approx(runs.now_s + 50)
    assert later.recall().lock_outs[0].until == pytest.approx(runs.now_s + 500)


# ── files that are not what they should be ──


def overwrite(path: Path, content: bytes) -> None:
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def of_something_else(path: Path) -> None:
    overwrite(path, b"")
    with sqlite3.connect(path) as database:
        database.executescript("CREATE TABLE plans (x); PRAGMA user_version = 1;")
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
    sent = runs.sent(5)
    assert one.claim(sent, always)
    assert heard(other).sends[-1] == sent
    assert runs.problems == []


def test_a_file_that_breaks_in_the_middle_of_a_run_is_made_anew(runs: Runs) -> None:
    ledger = runs.start()
    assert ledger.claim(runs.sent(), always)
    connection = ledger._database
    assert connection is not None
    connection.execute("DROP TABLE sends")
    runs.now_s += 1
    assert ledger.claim(runs.sent(), always)
    assert heard(runs.start()).sends == (runs.sent(),)
    assert runs.problems == []


def test_a_file_that_is_deleted_while_it_is_in_use_costs_nothing(runs: Runs) -> None:
    ledger = runs.start()
    for path in runs.folder.iterdir():
        path.unlink()
    runs.folder.rmdir()
    assert ledger.claim(runs.sent(), always)
    assert ledger.claim(runs.sent(), lambda _: False) is False
    ledger.learn("Key", "starter")


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_where_nothing_can_be_stored_the_run_goes_on_alone_and_says_so_once(tmp_path: Path, depth: int) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("in the way")
    runs = Runs(blocker.joinpath(*["below"] * depth))
    ledger = runs.start()
    assert ledger.claim(runs.sent(), always)
    assert ledger.claim(runs.sent(), lambda _: False) is False
    ledger.pause(START_S + 5)
    ledger.learn("Key", "starter")
    ledger.forget_lock_outs()
    assert ledger.recall() == Memory()
    (problem,) = runs.problems
    assert problem.code == "state.unusable"
    assert problem.location is not None
    assert problem.location.file == str(runs.folder / FILE_NAME)
    assert blocker.read_text() == "in the way"


def test_a_file_that_somebody_holds_for_good_is_given_up_once(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("exfig_rx.state.token.BUSY_S", 0.0)
    ledger = runs.start()
    holder = sqlite3.connect(runs.folder / FILE_NAME, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    assert ledger.claim(runs.sent(), always)
    assert ledger.claim(runs.sent(), always)
    assert [problem.code for problem in runs.problems] == ["state.unusable"]
    holder.close()


# ── processes ──

CLAIM = """
import sys
from pathlib import Path
from exfig_rx.model import Tier
from exfig_rx.scheduling import pacer
from exfig_rx.scheduling.ledger import News, Sent
from exfig_rx.state.token import TokenLedger

state = pacer.fresh(40, 3)
now_us = 1_000_000_000 + int(sys.argv[2])
ledger = TokenLedger(Path(sys.argv[1]), "https://api.figma.com", "t", now_s=lambda: now_us / 1e6, warn=print)
print("ready", flush=True)
sys.stdin.readline()
while now_us < 3_000_000_000:
    now_us += 137_000  # a clock that runs fast, so that nobody has to wait

    def allowed(news: News) -> bool:
        global state, now_us
        others = [sent.at_us for sent in news.sends]
        now_us = max([now_us, *others])  # one clock for all, as on one machine
        state = pacer.merged(state, others, now_us)
        send.__init__(Tier.ONE, "", now_us)
        return pacer.earliest(state, now_us) <= now_us

    send = Sent(Tier.ONE, "", now_us)
    if ledger.claim(send, allowed):
        state = pacer.sent(state, now_us)
        print(now_us, flush=True)
"""


def test_processes_that_write_at_once_keep_the_limit_together_also_when_one_is_killed(tmp_path: Path) -> None:
    folder = tmp_path / "exfig"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", CLAIM, str(folder), str(number)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(4)
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
