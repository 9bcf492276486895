"""What comes from an expression is never guessed, and always told."""

import json
from typing import Any

import pytest

from tests.helpers.workflows import needs_of, node
from tests.needs.test_oracle import CASES

Json = dict[str, Any]
#: No name that sfcred could know, so that it shows wherever a guess would.
CODE = "{{ $json.Guessed__c }}"
#: Parameters that decide nothing but a value, a limit or a record.
VALUES = frozenset(
    [
        "value",
        "limit",
        "returnAll",
        "externalIdValue",
        "variablesJson",
        "jsonParameters",
        "title",
        "apiName",
        "company",
        "lastname",
        "name",
        "closeDate",
        "stageName",
        "type",
        "status",
        "campaignId",
        "parentId",
        "binaryPropertyName",
    ]
)


def leaves(value: Any, route: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the routes to everything in a node's parameters that can be an expression."""
    if isinstance(value, dict):
        return [one for key, inner in value.items() for one in leaves(inner, (*route, key))]
    if isinstance(value, list):
        return [one for key, inner in enumerate(value) for one in leaves(inner, (*route, key))]
    return [route]


def with_expression(parameters: Json, route: tuple[str | int, ...], text: str) -> Json:
    """Return the parameters with an expression in one place."""
    copy = json.loads(json.dumps(parameters))
    inner = copy
    for step in route[:-1]:
        inner = inner[step]
    inner[route[-1]] = text
    assert isinstance(copy, dict)
    return copy


def said(case: Json, parameters: Json) -> tuple[str, list[str]]:
    """Return everything that sfcred says about a node as one text, and what isn't known."""
    found = needs_of(node(parameters, case["type"], typeVersion=case["version"]))
    objects = [(one.object, one.verbs, one.fields) for needs in found for one in needs.objects]
    return repr(objects), [one.reason for needs in found for one in needs.unknown]


def is_choice(case: Json, route: tuple[str | int, ...]) -> bool:
    """Return whether a place decides about an object, a verb or a field, and not just a value."""
    before, _ = said(case, case["parameters"])
    after, _ = said(case, with_expression(case["parameters"], route, "x"))
    return before != after


def test_no_expression_is_guessed_in_any_case_of_the_oracle() -> None:
    """Put an expression in every place of every case, and count the guesses: none."""
    tried = guessed = silent = 0
    for case in CASES:
        for route in leaves(case["parameters"]):
            for text in (f"={CODE}", f"=A{CODE}"):
                objects, unknown = said(case, with_expression(case["parameters"], route, text))
                tried += 1
                guessed += "Guessed" in objects or "\ue000" in objects
                # If the place decides about an object, a verb or a field, that has to be told.
                is_value = str(route[-1]) in VALUES or str(route[-1]).endswith(("Id", "Value"))
                silent += (
                    not unknown
                    and not is_value
                    and is_choice(case, route)
                    and not _is_there(case, route)
                )
    assert tried > 1000
    assert (guessed, silent) == (0, 0)


def _is_there(case: Json, route: tuple[str | int, ...]) -> bool:
    """Return whether a field is sent whatever its value is: an option of a collection."""
    return len(route) >= 2 and str(route[0]) in ("additionalFields", "updateFields", "options")


@pytest.mark.parametrize(
    "query",
    [
        "=SELECT @ FROM Lead",
        "=SELECT Id FROM @",
        "=SELECT Id FROM Lead WHERE @ = 1",
        "=SELECT Id FROM Lead ORDER BY @",
        "=SELECT Id FROM Lead GROUP BY @",
        "=SELECT Id, (SELECT Id FROM @) FROM Account",
        "=SELECT Id FROM Lead WHERE Id IN (SELECT @ FROM Task)",
        "=SELECT COUNT(@) FROM Lead",
        "=SELECT Id FROM Lead @",
        "=@",
    ],
)
def test_an_expression_in_a_query_is_told(query: str) -> None:
    query = query.replace("@", CODE)
    (needs,) = needs_of(node({"resource": "search", "operation": "query", "query": query}))
    assert needs.unknown
    assert "Guessed" not in repr(needs.objects)
