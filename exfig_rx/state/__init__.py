"""What outlives a run: per user, what a token has sent and learnt. Deleting it loses nothing but time."""
