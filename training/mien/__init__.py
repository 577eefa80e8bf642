"""Mien's training: pictures with landmarks in, tfjs models out."""
