"""Was it right? The model scored on what came after its cut, beside the simplest forecasts, and fitted to it."""
