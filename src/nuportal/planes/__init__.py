"""Planes of two parameters: specification, batched evaluation, store with resume, contours and excluded regions."""
