# pyright: basic
"""Compiled functions called by address.

A function that numba compiles contains all functions that it calls, which are optimised and translated once more with
it. Large parts of a program are therefore compiled apart from each other: `address` compiles a function, or loads it
from the cache, and `call` jumps there. Who calls does not depend on what is called.
"""

from typing import Any

from numba import types
from numba.core import cgutils
from numba.core.errors import TypingError
from numba.core.extending import intrinsic


def address(function: Any, arguments: tuple[Any, ...]) -> int:
    """Return the address of a compiled function that returns a float, for arguments of these numba types."""
    function.compile(arguments)
    found = function.overloads[arguments]
    if found.signature.return_type != types.float64:
        raise TypeError(f"{function.__name__} returns {found.signature.return_type}")
    where = found.library.get_pointer_to_function(found.fndesc.mangled_name)
    if not where:
        raise RuntimeError(f"{function.__name__} has no address")
    return where


def _call(context: Any, where: Any, arguments: Any) -> Any:
    """How `call` is compiled. Raises TypingError for an argument that is a tuple."""
    if any(isinstance(entry, types.BaseTuple) for entry in arguments.types):
        raise TypingError("a function that is called by address takes no tuple")

    def lower(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        """Write the call, and pass an exception on."""
        entries = signature.args[1].types
        convention = context.call_conv
        kind = convention.get_function_type(types.float64, entries).as_pointer()
        parts = [builder.extract_value(values[1], i) for i in range(len(entries))]
        function = builder.inttoptr(values[0], kind)
        status, result = convention.call_function(builder, function, types.float64, entries, parts)
        with cgutils.if_unlikely(builder, status.is_error):
            convention.return_status_propagate(builder, status)
        return result

    return types.float64(types.intp, arguments), lower


#: call(where, arguments): the float that the function at an address returns for a tuple of arguments. They are those of
#: `address`: a `Held`, or its address as an integer, but no named tuple.
call: Any = intrinsic(_call)
