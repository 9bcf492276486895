"""SOQL as people write it: what a query reads, and what isn't known about it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfcred.needs.expressions import HOLE, template
from sfcred.needs.soql import read_soql


def reads(query: str) -> dict[str, list[str]]:
    found = read_soql(template(query))
    assert found.unknown == ()
    return {one.object: sorted(field.field for field in one.fields) for one in found.accesses}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT Id FROM Account", {"Account": ["Id"]}),
        ("select id, ownerid from account;", {"Account": ["Id", "OwnerId"]}),
        ("SELECT Owner.Name FROM Lead", {"Lead": ["Owner.Name"]}),
        ("SELECT X__c, Y__r.Z__c FROM My_Object__c", {"My_Object__c": ["X__c", "Y__r.Z__c"]}),
        ("SELECT Account.Name FROM Account", {"Account": ["Name"]}),
        ("SELECT a.Name FROM Account a", {"Account": ["Name"]}),
        ("SELECT c.Id, a.Type FROM Contact c, c.Account a", {"Contact": ["Account.Type", "Id"]}),
        ("SELECT COUNT() FROM Case", {"Case": []}),
        ("SELECT COUNT(Id) n FROM Case ORDER BY n", {"Case": ["Id"]}),
        ("SELECT MAX(Amount) FROM Opportunity GROUP BY StageName HAVING MIN(Amount) > 1",
         {"Opportunity": ["Amount", "StageName"]}),
        ("SELECT LeadSource FROM Lead GROUP BY ROLLUP(LeadSource, Rating)",
         {"Lead": ["LeadSource", "Rating"]}),
        ("SELECT FORMAT(convertCurrency(Amount)) a FROM Opportunity", {"Opportunity": ["Amount"]}),
        ("SELECT toLabel(Status) FROM Lead", {"Lead": ["Status"]}),
        ("SELECT FIELDS(ALL) FROM Lead LIMIT 200", {"Lead": ["*"]}),
        ("SELECT CALENDAR_YEAR(CreatedDate) FROM Lead", {"Lead": ["CreatedDate"]}),
        ("SELECT Id FROM Lead WHERE CreatedDate = LAST_N_DAYS:30 AND Email != null",
         {"Lead": ["CreatedDate", "Email", "Id"]}),
        ("SELECT Id FROM Lead WHERE NOT (Name LIKE 'a%' OR (City = 'x' AND Fax = ''))",
         {"Lead": ["City", "Fax", "Id", "Name"]}),
        ("SELECT Id FROM Lead WHERE M__c INCLUDES ('a;b', 'c') AND S__c NOT IN ('FROM x', '\\'')",
         {"Lead": ["Id", "M__c", "S__c"]}),
        ("SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact WHERE Email = 'x')",
         {"Account": ["Id"], "Contact": ["AccountId", "Email"]}),
        ("SELECT Id, (SELECT Email FROM Contacts ORDER BY LastName) FROM Account",
         {"Account": ["Id"], "Contact": ["Email", "LastName"]}),
        ("SELECT Id FROM Account WHERE DISTANCE(L__c, GEOLOCATION(1.5,-2), 'mi') < 20",
         {"Account": ["Id", "L__c"]}),
        ("SELECT TYPEOF What WHEN Account THEN Phone, Name ELSE Id END FROM Event",
         {"Event": ["What.Id", "What.Name", "What.Phone"]}),
        ("SELECT Id FROM Lead USING SCOPE mine WHERE A__c = USD5 WITH SECURITY_ENFORCED LIMIT 1 FOR VIEW",
         {"Lead": ["A__c", "Id"]}),
        ("SELECT Id FROM Lead ORDER BY A__c ASC, Name DESC NULLS LAST LIMIT 5 OFFSET 2", {"Lead": ["A__c", "Id", "Name"]}),
        ("SELECT Id FROM Lead ALL ROWS", {"Lead": ["Id"]}),
        # A quote ends a text, and needs no space after it.
        ("SELECT Id FROM Lead WHERE City = 'x'LIMIT 1", {"Lead": ["City", "Id"]}),
        ("=SELECT Id FROM Lead WHERE City='{{ $json.c }}'AND Fax='1'ORDER BY Name",
         {"Lead": ["City", "Fax", "Id", "Name"]}),
        ("SELECT Id FROM Q__kav WITH DATA CATEGORY G__c ABOVE usa__c UPDATE VIEWSTAT",
         {"Q__kav": ["Id"]}),
        ("SELECT Id FROM Q__kav WITH DATA CATEGORY G__c AT (usa__c, uk__c) AND P__c BELOW all__c",
         {"Q__kav": ["Id"]}),
        ("SELECT Id FROM Q__kav WITH DATA CATEGORY G__c AT (for, order) ORDER BY Title LIMIT 1",
         {"Q__kav": ["Id", "Title"]}),
        ("SELECT Id FROM A__c WHERE B__c IN (SELECT Id FROM Q__kav WITH DATA CATEGORY G__c AT (a__c) LIMIT 1)",
         {"A__c": ["B__c", "Id"], "Q__kav": ["Id"]}),
        ("SELECT Id FROM User WITH RecordVisibilityContext (maxDescriptorPerRecord=100, supportsDomains=true)",
         {"User": ["Id"]}),
        # Expressions as values, which are never guessed, but don't hide the fields.
        ("=SELECT Id FROM Lead", {"Lead": ["Id"]}),
        ("=SELECT Id FROM Lead WHERE Email = '{{ $json.email }}'", {"Lead": ["Email", "Id"]}),
        ("=SELECT Id FROM Lead WHERE A__c > {{ $json.a }} AND B__c IN ({{ $json.b }}) LIMIT {{ 1 }}",
         {"Lead": ["A__c", "B__c", "Id"]}),
        ("=SELECT Id FROM Lead WHERE D__c >= {{ $now.year }}-{{ m }}-01T00:00:00Z",
         {"Lead": ["D__c", "Id"]}),
        ("=SELECT Id FROM Lead WHERE D__c = LAST_N_DAYS:{{ $json.n }}", {"Lead": ["D__c", "Id"]}),
    ],
)  # fmt: skip
def test_what_a_query_reads(query: str, expected: dict[str, list[str]]) -> None:
    assert reads(query) == expected


@pytest.mark.parametrize(
    ("query", "known", "reason"),
    [
        ("=SELECT {{ $json.fields }} FROM Lead", ["Lead"], "a part of the list of fields"),
        ("=SELECT Id, X{{ $json.n }}__c FROM Lead", ["Lead"], "a part of the list of fields"),
        ("=SELECT Id FROM {{ $json.o }}", [], "the query's object comes from an expression"),
        ("=SELECT Id FROM Lead WHERE {{ $json.c }}", ["Lead"], "a part of the conditions"),
        ("=SELECT Id FROM Lead WHERE A = 1 {{ $json.c }}", ["Lead"], "a part of the query"),
        ("=SELECT Id FROM Lead {{ $json.rest }}", ["Lead"], "a part of the query"),
        ("=SELECT Id FROM Lead ORDER BY Id {{ $json.rest }}", ["Lead"], "a part of ORDER BY"),
        ("SELECT Id, (SELECT A__c FROM Bs__r) FROM Account", ["Account"], "relationship Bs__r"),
        ("=SELECT Id FROM Lead " + "{{ 1 }} " * 5000, ["Lead"], "a part of the query"),
        ("SELECT " + "F(" * 5000 + "Id" + ")" * 5000 + " FROM Lead", [], "nested too deeply"),
        ("SELECT Id, " + "(SELECT Id, " * 400 + "x FROM Lead", [], "nested too deeply"),
        ("FIND {acme} IN ALL FIELDS", [], "can't be read as SOQL"),
        ("SELECT Id FROM Lead WHERE Id IN :ids", [], "can't be read as SOQL"),
        ("SELECT * FROM Lead", [], "can't be read as SOQL"),
        ("SELECT Id FROM Lead; DROP", [], "something unknown follows"),
        ("SELECT Id FROM Lead WHERE Name = 'open", [], "can't be read as SOQL"),
        ("SELECT Id", [], "FROM is missing"),
        ("SELECT Id FROM Lead WHERE Id IN (", [], "a value is missing"),
        ("SELECT Id FROM Lead WHERE " + "(" * 400 + "A=1" + ")" * 400, [], "nested too deeply"),
    ],
)
def test_what_is_not_known(query: str, known: list[str], reason: str) -> None:
    found = read_soql(template(query))
    assert [one.object for one in found.accesses] == known
    assert len(found.unknown) == 1
    assert reason in found.unknown[0]


@given(st.lists(st.sampled_from(
    ["SELECT", "FROM", "WHERE", "Lead", "Id", "(", ")", ",", "=", "'x'", "AND", "IN", "ORDER", "BY",
     HOLE, "TYPEOF", "END", "LIMIT", "5", ":", "NOT", "a.b", "GROUP", "HAVING", ";"]
)))  # fmt: skip
def test_any_words_give_an_answer(words: list[str]) -> None:
    found = read_soql(" ".join(words))
    assert found.accesses or found.unknown


@given(st.text())
def test_any_text_gives_an_answer(text: str) -> None:
    found = read_soql(text)
    assert found.accesses or found.unknown
