"""Which few notices of one system may pass the many of another on their way to the public window.

Only a matter of order: whatever passes is met again in its place by `follower`, which leaves alone what is known. So
everything remembered here may be forgotten at any moment, and nothing is lost or doubled.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tradehall.journal import selectors as journal
from tradehall.journal.selectors import LogEntry
from tradehall.tenders import selectors as tenders

CODES = ("tenders.publish_notice", "tenders.report_notice", "tenders.correct_notice")
OF_ONE_SYSTEM = 50
IN_ALL = 200
LOOK, LOOKS = 2_000, 5


def is_notice(entry: LogEntry) -> bool:
    return entry.code in CODES and entry.subject_kind == "notice"


@dataclass(slots=True)
class Outlook:
    """`seen`: how far the log has been looked at. `behind`: systems that wait their turn, and for which position."""

    position: int = 0
    seen: int = 0
    behind: dict[str, int] = field(default_factory=dict)

    def chosen(self, position: int) -> list[LogEntry]:
        """The notices after `position` that may pass now: the first few of each system that has none waiting.

        A system of which one waits has all later ones wait too, so that its own order stays.
        """
        if position < self.position:  # the projections are being made anew
            self.seen, self.behind = position, {}
        self.position, self.seen = position, max(self.seen, position)
        self.behind = {system: last for system, last in self.behind.items() if last > position}
        passing: list[LogEntry] = []
        counts: Counter[str] = Counter()
        for _ in range(LOOKS):
            entries = journal.entries_after(self.seen, LOOK)
            passing += self._passing([one for one in entries if is_notice(one)], counts)
            self.seen = entries[-1].position if entries else self.seen
            if len(entries) < LOOK:
                break
        return passing

    def _passing(self, entries: Sequence[LogEntry], counts: Counter[str]) -> list[LogEntry]:
        systems = tenders.source_systems(sorted({one.subject_no for one in entries}))
        passing = []
        for entry in entries:
            system = systems.get(entry.subject_no, "")
            if system in self.behind or counts[system] >= OF_ONE_SYSTEM or counts.total() >= IN_ALL:
                self.behind[system] = entry.position
                continue
            counts[system] += 1
            passing.append(entry)
        return passing
