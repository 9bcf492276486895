"""Read SOQL: which objects and fields a query names.

The public parsers don't fit: python-soql-parser (2023) knows neither subqueries in SELECT, TYPEOF,
aliases nor date functions; sqlglot reads SQL, which has no relationship queries; soql-parser-js and
Salesforce's own grammar need Node or Java. This reader follows Salesforce's SOQL reference, and
accepts n8n's expressions as values. What it can't read is unknown: it never returns half a query.
"""

from collections.abc import Callable
from typing import NamedTuple

from sfcred.needs.model import WHOLE, Access, read_of
from sfcred.needs.soql_tokens import LONGEST_NAME, SoqlError, Tokens
from sfcred.salesforce.standard_names import child_object, field_name, object_name

_DEPTH = 20
_CLAUSES = frozenset(
    {"from", "using", "where", "with", "group", "having", "order", "limit", "offset", "for"}
    | {"update", "all"}
)
_AFTER_FIELD = frozenset({"asc", "desc", "nulls"})
_AFTER_WITH = _CLAUSES | {")", ";"}
_VALUE_OF_WITH = frozenset({"security_enforced", "user_mode", "system_mode"})


class Soql(NamedTuple):
    """What a query reads, and the parts that are not known."""

    accesses: tuple[Access, ...]
    unknown: tuple[str, ...]


def read_soql(text: str) -> Soql:
    """Return what a query reads.

    Args:
        text: The query, with HOLE (expressions.py) in place of expressions.
    """
    reader = _Reader(text)
    try:
        reader.whole()
    except SoqlError as error:
        return Soql((), (f"the query can't be read as SOQL: {error}",))
    return Soql(tuple(reader.accesses), tuple(dict.fromkeys(reader.unknown)))


class _Scope:
    """One SELECT: its object, its fields, and the names that aren't fields."""

    def __init__(self) -> None:
        self.fields: list[str] = []
        self.object: str | None = None
        self.aliases: dict[str, str] = {}  # an alias in FROM, and the path that it stands for
        self.names: set[str] = set()  # aliases of SELECT's items
        self.children: list[tuple[str, _Scope]] = []

    def path(self, name: str) -> str:
        """Return a field's path from the object, with Salesforce's own capitals.

        Raises:
            SoqlError: Aliases make it longer than any name that is read.
        """
        first, dot, rest = name.partition(".")
        if dot and first.lower() in self.aliases:
            prefix = self.aliases[first.lower()]
            if len(prefix) + len(rest) > LONGEST_NAME:  # aliases can be made of each other
                raise SoqlError("it has a name that is too long")
            return field_name(f"{prefix}.{rest}" if prefix else rest)
        if dot and self.object and first.lower() == self.object.lower():
            return field_name(rest)
        return field_name(name)


class _Reader:
    def __init__(self, text: str) -> None:
        self.tokens = Tokens(text)
        self.accesses: list[Access] = []
        self.unknown: list[str] = []

    def whole(self) -> None:
        scope = self._select(0)
        if self.tokens.at(";"):
            self.tokens.take()
        self.tokens.require_end()
        self._finish(scope, object_name(scope.object) if scope.object else None)

    def _finish(self, scope: _Scope, found: str | None) -> None:
        if found is None:
            self.unknown.append("the query's object comes from an expression")
        else:
            self.accesses.append(read_of(found, [scope.path(name) for name in scope.fields]))
        for relationship, child in scope.children:
            own = relationship.rpartition(".")[2]
            name = child_object(found, own) if found else None
            if name is None:
                shown = relationship or "an expression"
                self.unknown.append(f"the object of the child relationship {shown} is not known")
            else:
                self._finish(child, name)

    # -- SELECT … FROM

    def _select(self, depth: int) -> _Scope:
        if depth > _DEPTH:
            raise SoqlError("it is nested too deeply")
        scope = _Scope()
        self.tokens.expect("select")
        self._items(scope, depth)
        self.tokens.expect("from")
        self._from(scope)
        self._clauses(scope, depth)
        return scope

    def _items(self, scope: _Scope, depth: int) -> None:
        while True:
            self._item(scope, depth)
            if not self.tokens.at(","):
                return
            self.tokens.take()

    def _item(self, scope: _Scope, depth: int) -> None:
        tokens = self.tokens
        if tokens.at("(") and tokens.ahead(1) == "select":
            tokens.take()
            child = self._select(depth + 1)
            tokens.expect(")")
            scope.children.append((child.object or "", child))
        elif tokens.at("typeof"):
            self._typeof(scope)
        else:
            self._field(scope, "the list of fields")
            if tokens.is_name() and not tokens.at("from"):
                scope.names.add(tokens.take().lower())

    def _typeof(self, scope: _Scope) -> None:
        self.tokens.take()
        relation = self.tokens.name()
        while not self.tokens.at("end"):
            if self.tokens.at("when"):
                self.tokens.take()
                self.tokens.name()
                self.tokens.expect("then")
            else:
                self.tokens.expect("else")
            scope.fields.append(f"{relation}.{self.tokens.name()}")
            while self.tokens.at(","):
                self.tokens.take()
                scope.fields.append(f"{relation}.{self.tokens.name()}")
        self.tokens.take()

    def _field(self, scope: _Scope, where: str, level: int = 0) -> None:
        """Read a field, or a function of fields."""
        tokens = self.tokens
        if level > _DEPTH:
            raise SoqlError("it is nested too deeply")
        if tokens.is_hole():
            tokens.take()
            self.unknown.append(f"a part of {where} comes from an expression")
            return
        name = tokens.name()
        if not tokens.at("("):
            if name.lower() not in scope.names:
                scope.fields.append(name)
            return
        tokens.take()
        if name.lower() == "fields":
            tokens.name()
            scope.fields.append(WHOLE)
        else:
            self._arguments(scope, where, level + 1)
        tokens.expect(")")

    def _arguments(self, scope: _Scope, where: str, level: int) -> None:
        while not self.tokens.at(")"):
            if self.tokens.is_name() or self.tokens.is_hole():
                self._field(scope, where, level)
            else:
                self.tokens.literal()
            if self.tokens.at(","):
                self.tokens.take()

    def _from(self, scope: _Scope) -> None:
        tokens = self.tokens
        scope.object = tokens.take_name_or_hole() or None
        self._alias(scope, "")
        while tokens.at(","):
            tokens.take()
            path = scope.path(tokens.name())
            self._alias(scope, path)

    def _alias(self, scope: _Scope, path: str) -> None:
        if self.tokens.at("as"):
            self.tokens.take()
        if self.tokens.is_name() and self.tokens.ahead(0) not in _CLAUSES:
            scope.aliases[self.tokens.take().lower()] = path

    # -- the clauses after FROM

    def _clauses(self, scope: _Scope, depth: int) -> None:
        handlers: dict[str, Callable[[], None]] = {
            "using": lambda: self.tokens.expect("using", "scope"),
            "where": lambda: self._conditions(scope, depth, "where"),
            "with": self._with,
            "group": lambda: self._group(scope),
            "having": lambda: self._conditions(scope, depth, "having"),
            "order": lambda: self._order(scope),
            "limit": self._number,
            "offset": self._number,
            "for": lambda: self._words(1),
            "update": self._tracking,
            "all": lambda: self._words(1),
        }
        while (word := self.tokens.ahead(0)) in handlers or self.tokens.is_hole():
            if word in handlers:
                handlers[word]()
            else:
                self.tokens.take()
                self.unknown.append("a part of the query comes from an expression")
            if word == "using":
                self.tokens.name()

    def _words(self, number: int) -> None:
        self.tokens.take()
        for _ in range(number):
            self.tokens.name()

    def _tracking(self) -> None:
        self._words(1)
        while self.tokens.at(","):
            self._words(1)

    def _number(self) -> None:
        self.tokens.take()
        self.tokens.literal()

    def _with(self) -> None:
        self.tokens.take()
        if self.tokens.ahead(0) in _VALUE_OF_WITH:
            self.tokens.take()
            return
        # Data categories and record visibility name no field. Their lists are in parentheses.
        depth = 0
        while (word := self.tokens.ahead(0)) and (depth or word not in _AFTER_WITH):
            depth += {"(": 1, ")": -1}.get(word, 0)
            self.tokens.take()

    def _group(self, scope: _Scope) -> None:
        self.tokens.expect("group", "by")
        self._list(scope, "GROUP BY")

    def _order(self, scope: _Scope) -> None:
        self.tokens.expect("order", "by")
        self._list(scope, "ORDER BY")

    def _list(self, scope: _Scope, where: str) -> None:
        while True:
            self._field(scope, where)
            while self.tokens.ahead(0) in _AFTER_FIELD:
                if self.tokens.take().lower() == "nulls":
                    self.tokens.name()
            if self.tokens.is_hole():
                self.tokens.take()
                self.unknown.append(f"a part of {where} comes from an expression")
            if not self.tokens.at(","):
                return
            self.tokens.take()

    # -- conditions

    def _conditions(self, scope: _Scope, depth: int, word: str) -> None:
        self.tokens.expect(word)
        self._condition(scope, depth)

    def _condition(self, scope: _Scope, depth: int) -> None:
        if depth > _DEPTH:
            raise SoqlError("it is nested too deeply")
        while True:
            while self.tokens.at("not"):
                self.tokens.take()
            if self.tokens.at("("):
                self.tokens.take()
                self._condition(scope, depth + 1)
                self.tokens.expect(")")
            else:
                self._comparison(scope, depth)
            if self.tokens.ahead(0) not in ("and", "or"):
                return
            self.tokens.take()

    def _comparison(self, scope: _Scope, depth: int) -> None:
        self._field(scope, "the conditions")
        if not self.tokens.operator():
            return
        if self.tokens.at("("):
            self.tokens.take()
            if self.tokens.at("select"):
                self._semi_join(depth)
            else:
                self._values()
            self.tokens.expect(")")
        else:
            self.tokens.literal()

    def _semi_join(self, depth: int) -> None:
        inner = self._select(depth + 1)
        self._finish(inner, object_name(inner.object) if inner.object else None)

    def _values(self) -> None:
        self.tokens.literal()
        while self.tokens.at(","):
            self.tokens.take()
            self.tokens.literal()
