"""How functions are compiled that only compiled code calls: without the wrappers for Python, half of their time."""

from typing import Any

INNER: dict[str, Any] = {"cache": True, "error_model": "numpy", "no_cpython_wrapper": True, "no_cfunc_wrapper": True}

#: the same for what is kept with its callers alone: a function of its own in the cache is translated once more for it
PART: dict[str, Any] = INNER | {"cache": False}
