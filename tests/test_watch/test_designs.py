"""Which configs run for a change in Figma, and what they share."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

from exfig_rx.batch.discovery import ValidConfig
from exfig_rx.batch.run import Renewal
from exfig_rx.batch.services import Basis, Services
from exfig_rx.config.parse import parse_config
from exfig_rx.events import ConfigFailed
from exfig_rx.figma.api import Scopes
from exfig_rx.model import ConfigId, Problem
from exfig_rx.watch.designs import Designs
from exfig_rx.watch.editions import FRESH_DEAR_S, FRESH_S, Editions
from exfig_rx.watch.outlook import Moved, Told
from exfig_rx.watch.roster import Member, Members
from exfig_rx.watch_events import Source

COLORS, ICONS = "Colors00000000000000001", "Icons000000000000000001"


def member(name: str, *files: str) -> Member:
    loaded = ValidConfig(
        ConfigId(f"/{name}", name, name),
        parse_config(b"figma: {lightFileId: Colors00000000000000001}\nweb: {output: out, colors: {}}", name).config,
    )
    return Member(loaded, "mark", files=files)


@dataclass
class Office:
    """Two configs of one file and one of another; what runs, and on which basis."""

    now_s: float = 1000.0
    is_polled: bool = False
    ran: list[tuple[Source, str, list[str]]] = field(default_factory=list)
    made: list[Basis] = field(default_factory=list)
    scopes: Scopes = field(default_factory=Scopes)

    def __post_init__(self) -> None:
        found = (member("a.yaml", COLORS), member("b.yaml", COLORS, ICONS), member("c.yaml", ICONS))
        self.members: Members = {one.id: one for one in found}
        renewal = SimpleNamespace(renew=self._renew, regroup=lambda services, _: services, scopes=self.scopes)
        self.editions = Editions(
            self._services({}), cast(Renewal, renewal), lambda: self.now_s, is_polled=self.is_polled
        )
        self.designs = Designs(self.editions, lambda: self.members, self._changed)

    def _services(self, versions: Mapping[str, str]) -> Services:
        memory = SimpleNamespace(versions_seen=dict(versions))
        return cast(Services, SimpleNamespace(project=SimpleNamespace(memory=memory)))

    def _renew(self, _: Sequence[ValidConfig], basis: Basis) -> Services:
        self.made.append(basis)
        return self._services(basis.versions)

    def _changed(self, source: Source, what: str, configs: Collection[ConfigId]) -> None:
        self.ran.append((source, what, [config.name for config in configs]))

    def see(self, **versions: str) -> None:
        """A run learns versions."""
        cast(Any, self.editions.current).project.memory.versions_seen.update(
            {{"colors": COLORS, "icons": ICONS}[name]: version for name, version in versions.items()}
        )

    def run_all(self) -> None:
        for config in self.members:
            self.designs.ran(config, self.editions.current)

    @property
    def names(self) -> list[list[str]]:
        return [names for _, _, names in self.ran]


def test_a_new_version_runs_the_configs_that_were_made_of_another() -> None:
    office = Office()
    office.see(colors="1", icons="1")
    office.run_all()
    assert office.designs.known(ICONS) == "1"
    office.designs.moved(Moved(ICONS, "2"))
    assert office.names == [["b.yaml", "c.yaml"]]
    assert office.made[-1] == Basis({COLORS: "1", ICONS: "2"})


def test_a_version_runs_a_config_once_whatever_comes_of_it() -> None:
    office = Office()
    office.see(colors="1", icons="1")
    office.run_all()
    for _ in range(3):
        office.designs.moved(Moved(ICONS, "2"))
    assert len(office.ran) == 1


def test_a_config_that_is_ahead_does_not_run_again() -> None:
    office = Office()
    office.see(colors="1", icons="1")
    office.run_all()
    office.see(icons="2")
    office.designs.ran(
        next(iter([config for config in office.members if config.name == "c.yaml"])), office.editions.current
    )
    assert office.designs.known(ICONS) == ""
    office.designs.moved(Moved(ICONS, "2"))
    assert office.names == [["b.yaml"]]


def test_word_of_a_file_runs_its_configs_and_asks_for_its_version_alone() -> None:
    office = Office()
    office.see(colors="1", icons="1")
    office.run_all()
    office.designs.told(
        [Told(ICONS, is_published=False), Told(ICONS, is_published=True), Told(ICONS, is_published=False)]
    )
    assert office.names == [["b.yaml", "c.yaml"]]
    assert office.made[-1] == Basis({COLORS: "1"}, frozenset({ICONS}))


def test_word_of_a_file_that_nobody_uses_leads_to_nothing() -> None:
    office = Office()
    office.designs.told([Told("Other000000000000000001", is_published=True)])
    assert (office.ran, office.made) == ([], [])


def test_what_comes_in_a_pause_is_taken_up_together_afterwards() -> None:
    office = Office()
    office.see(colors="1", icons="1")
    office.run_all()
    office.designs.pause()
    office.designs.moved(Moved(ICONS, "2"))
    office.designs.told([Told(ICONS, is_published=True)])
    office.designs.moved(Moved(COLORS, "2"))
    assert office.ran == []
    office.designs.go_on()
    assert office.names == [["a.yaml", "b.yaml", "c.yaml"]]
    assert office.made[-1] == Basis({}, frozenset({ICONS}))
    office.designs.go_on()
    assert len(office.ran) == 1


def test_an_edit_asks_nothing_anew_while_versions_are_fresh() -> None:
    office = Office()
    office.see(colors="1")
    office.now_s += FRESH_S - 1
    office.editions.of((), (COLORS,))
    assert office.made == []
    office.now_s += 1
    office.editions.of((), (COLORS,))
    assert office.made == [Basis()]


def test_versions_stay_fresh_as_long_as_somebody_polls() -> None:
    office = Office(is_polled=True)
    office.see(colors="1")
    office.now_s += 10 * FRESH_S
    office.editions.of((), (COLORS,))
    assert office.made == []


def test_a_file_whose_version_nobody_knows_is_not_looked_after_by_a_poll() -> None:
    office = Office(is_polled=True)
    office.see(colors="1")
    office.now_s += FRESH_S
    office.editions.of((), (COLORS, ICONS))
    assert office.made == [Basis()]


def test_a_config_that_never_ran_hides_no_change_from_the_others() -> None:
    office = Office()
    office.see(icons="1")
    b, c = (config for config in office.members if config.name in ("b.yaml", "c.yaml"))
    office.designs.ran(c, office.editions.current)
    assert office.designs.known(ICONS) == "1"
    office.designs.moved(Moved(ICONS, "2"))
    assert office.names == [[b.name, c.name]]


def test_versions_that_cost_scarce_requests_stay_fresh_for_longer() -> None:
    office = Office()
    office.scopes.lacks_metadata = True
    office.now_s += FRESH_DEAR_S - 1
    office.editions.of((), (COLORS,))
    assert office.made == []
    office.now_s += 1
    office.editions.of((), (COLORS,))
    assert office.made == [Basis()]


def test_after_a_failure_an_edit_asks_again_and_knows_the_versions_still() -> None:
    office = Office()
    office.see(colors="1")
    office.editions.spoil()
    office.editions.of((), (COLORS,))
    office.editions.of((), (COLORS,))
    assert office.made == [Basis({COLORS: "1"})]


def test_a_wish_asks_for_all_versions_anew() -> None:
    office = Office(is_polled=True)
    office.see(colors="1")
    office.editions.doubt_all()
    assert office.made == [Basis()]


def test_a_config_that_failed_before_any_version_was_known_runs_when_one_is() -> None:
    office = Office()
    for config in office.members:
        office.designs.ran(config, office.editions.current)
        office.designs.saw(ConfigFailed(1.0, config, (Problem("figma.not-found", "gone"),)))
    assert office.designs.known(ICONS) == ""
    office.designs.moved(Moved(ICONS, "1"))
    assert office.names == [["b.yaml", "c.yaml"]]
    assert office.designs.known(ICONS) == "1"
