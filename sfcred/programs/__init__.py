"""Programs that sfcred starts, and the variables that they get."""
