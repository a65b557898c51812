"""Back-tests: how well crises are predicted, by the model and by forecasters without a theory."""
