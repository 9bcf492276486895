"""The troubleshooting page has every row of the table, and every text on it can be explained."""

import re
from pathlib import Path

from scripts.refusal_pages import CHAPTERS
from sfcred.salesforce.diagnosis import diagnose_text
from sfcred.salesforce.refusals import REFUSALS

PAGE = Path(__file__).parents[2] / "docs/troubleshooting.md"


def test_each_row_is_in_one_chapter() -> None:
    rows = [row.name for chapter in CHAPTERS for row in chapter.rows]
    assert sorted(rows) == sorted(row.name for row in REFUSALS)


def test_each_text_of_the_page_can_be_explained() -> None:
    text = PAGE.read_text(encoding="utf-8")
    texts = re.findall(r"(?m)^### (.+?)(?: \((?:JWT|refresh|code)\))?$", text)
    for line in re.findall(r"(?m)^(?:Also: |\| )(`.+)$", text.partition("<!-- refusals -->")[2]):
        texts += re.findall(r"`([^`]+)`", line.partition(" | ")[0])
    assert len(texts) > 300
    silent = {one for one in texts if not diagnose_text(one.replace("…", "17").strip("`"))}
    assert {one for one in silent if "…" not in one} == set()
