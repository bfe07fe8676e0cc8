"""What is left when the process dies: at every call that changes something, and at any moment of a batch."""
