"""What people reported in public: `sfcred explain --error` names the right cause first."""

import pytest

from tests.helpers.reports import FOLDER, Report, grade, reports


@pytest.mark.parametrize(
    "report",
    [
        pytest.param(report, id=f"{path.stem}-{report.id}")
        for path in sorted(FOLDER.glob("*.yaml"))
        for report in reports(path.stem)
    ],
)
def test_the_right_cause_comes_first(report: Report) -> None:
    assert grade(report) == "right", report.about
