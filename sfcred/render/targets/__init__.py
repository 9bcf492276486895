"""The render targets, one module with a `TARGET` each (see `sfcred.render.api`)."""
