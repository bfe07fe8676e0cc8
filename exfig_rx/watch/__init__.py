"""A run that stays: sources of change in front of the pipelines of a batch."""
