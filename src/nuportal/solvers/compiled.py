"""How functions are compiled that only compiled code calls: without the wrappers for Python, half of their time."""

INNER = {"cache": True, "error_model": "numpy", "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
