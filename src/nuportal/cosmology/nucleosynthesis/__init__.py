"""Light elements: n <-> p rates with the electron neutrinos of a history, a network of 12 reactions, the yields."""
