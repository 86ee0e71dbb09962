"""`make bench`: measures what the design promises, as ratios in one run where it can."""
