"""doctor's report formats: one module with `report(report, look)` each (see `report.api`)."""
