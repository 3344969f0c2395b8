"""The early universe with a light mediator: from couplings to a thermal history, N_eff and the light elements."""
