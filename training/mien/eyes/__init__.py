"""The eye network: the middle of the iris and the lids in an upright patch of one eye, out of the picture at its full
resolution."""
