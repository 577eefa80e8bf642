"""What a face does, told from its 68 points: tables, test points and network for the engine's signals."""
