"""Arrays in, arrays and small records out: knows no panel, no spec, no page."""
