"""doctor's report formats: each a file with `report(report, look)`."""
