"""A 3-D face model: fitted to labelled points, and rendered with a photograph as its texture."""
