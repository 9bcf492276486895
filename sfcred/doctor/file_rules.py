"""Find the rules that suppress findings, for one file of a run after the other."""

from pathlib import Path

from sfcred.doctor.options import Options
from sfcred.doctor.rules import NO_RULES, Rules
from sfcred.doctor.subject import rules_of
from sfcred.doctor.suppress import Ledger
from sfcred.paths import relative_place
from sfcred.spec.source import Node, Source


class FileRules:
    """The rules of the configuration and of the specs. Those that apply are noted in the ledger.

    Args:
        options: The options of the run.
        project: The project's root.
        ledger: The rules that were found, and which of them were used.
    """

    def __init__(self, options: Options, project: Path, ledger: Ledger) -> None:
        self._options = options
        self._project = project
        self._ledger = ledger
        self._by_path = NO_RULES  # of the current file
        self._own: dict[int, tuple[Node, Rules]] = {}  # of the current file, by the node's id
        if options.path_rules is not None and options.whole and options.heeds_ignores:
            ledger.announce(options.path_rules.all())

    def enter(self, path: Path) -> None:
        """Begin with a spec file."""
        self._by_path = self._of_path(path)
        self._own = {}

    def of_current(self) -> Rules:
        """Return the configuration's rules for the current file."""
        return {**self._options.general_rules, **self._by_path}

    def of_file(self, path: Path) -> Rules:
        """Return the configuration's rules for a file."""
        return {**self._options.general_rules, **self._of_path(path)}

    def of_credential(
        self, root: Node | None, source: Source, name: str | None, profile: str | None
    ) -> Rules:
        """Return the rules for a credential of the current file, and note them in the ledger.

        Args:
            root: Its document, with its profile applied; None for the file as a whole.
            source: The file.
            name: The credential's name, if it has one.
            profile: Its profile.
        """
        if not self._options.heeds_ignores:
            return NO_RULES
        own = self._of_spec(root, source) if root else NO_RULES
        rules = {**self._by_path, **own} if self._by_path else own
        self._ledger.enter(rules.values(), name, profile, source.shown)
        general = self._options.general_rules  # not judged: a group of checks, without a reason
        return {**general, **rules} if general else rules

    def _of_path(self, path: Path) -> Rules:
        if self._options.path_rules is None or not self._options.heeds_ignores:
            return NO_RULES
        place = relative_place(path, self._project)
        is_below = place.split("/")[0] != ".." and not Path(place).is_absolute()
        # A project's rules are for its own files, also for a pattern such as `**`.
        return self._options.path_rules.of(place) if is_below else NO_RULES

    def _of_spec(self, root: Node, source: Source) -> Rules:
        """Return a spec's own rules. Cached, because profiles usually share them."""
        node = root.find(("doctor", "ignore"))
        if node is None:
            return NO_RULES
        if id(node) not in self._own:
            self._own[id(node)] = (node, rules_of(root, source))
        return self._own[id(node)][1]
