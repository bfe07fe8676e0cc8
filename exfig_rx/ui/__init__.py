"""From the fold of events to what people and programs see."""
