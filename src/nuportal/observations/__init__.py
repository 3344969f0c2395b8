"""What is measured about the early Universe, by name, with covariances."""
