"""The report of a run or a checkpoint: one HTML file and its pictures."""
