# pyright: basic
"""Named tuples of arrays passed to compiled functions as one pointer.

numba passes a named tuple as all numbers of all its arrays: a thousand arguments for the scratch space of a kinetic
equation, at every call, which takes minutes to compile. `hold` writes them into memory once. Compiled functions read
the same names from there, from a `Held` as they would from the tuple; nested tuples lie in the same memory. Entries
cannot be replaced, what arrays contain can. Arrays are borrowed: a `Held` keeps its tuple, and has to outlive the call.
"""

import hashlib
from functools import cache
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.imputils import lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import NativeValue, models, register_model, typeof_impl, unbox
from numba.np import arrayobj
from numba.np.numpy_support import from_dtype

_WORD = 8


class HeldType(types.Type):
    """Type of a pointer to the entries of a named tuple of arrays, numbers and tuples of these."""

    def __init__(self, entries: Any):
        self.entries = entries
        self.instance_class = entries.instance_class
        self.offsets, self.size = _layout(entries)
        digest = hashlib.sha1(str(entries).encode()).hexdigest()[:12]
        super().__init__(f"Held({self.instance_class.__name__}, {digest})")

    @property
    def key(self) -> Any:
        """What makes two types equal."""
        return self.entries


class Held:
    """A named tuple and the memory that describes it; attributes are those of the tuple."""

    __slots__ = ("_held", "address", "type", "words")

    def __init__(self, held: Any, held_type: HeldType):
        words: list[int] = []
        _write(held, held_type.entries, words)
        self._held, self.type = held, held_type
        self.words = np.array(words, np.uint64)
        self.address = self.words.ctypes.data

    def __getattr__(self, name: str) -> Any:
        return getattr(self._held, name)


def hold(entries: Any) -> Any:
    """Return a named tuple as compiled functions take it, a `Held`."""
    return entries if isinstance(entries, Held) else Held(entries, _type_of(_kinds(entries)))


def _kinds(entries: Any) -> tuple[Any, ...]:
    """Return the class of a named tuple and of what its entries are: (dtype, axes) of arrays, int, bool or float.

    What the class declares as float is a float: for an integer in its place all would be compiled once more. Whether
    an array may be written is left out for the same reason.
    """
    found: list[Any] = [type(entries)]
    for name, value in zip(entries._fields, entries, strict=True):
        if isinstance(value, tuple):
            found.append(_kinds(value))
        elif isinstance(value, np.ndarray):
            if not value.flags.c_contiguous:
                raise TypeError(f"{name} of {type(entries).__name__} is not contiguous")
            found.append((value.dtype.char, value.ndim))
        elif type(entries).__annotations__.get(name) is float:
            found.append(float)
        else:
            found.append(bool if isinstance(value, bool | np.bool_) else type(value))
    return tuple(found)


_NUMBERS = {float: types.float64, np.float64: types.float64, bool: types.boolean, int: types.int64}


@cache
def _type_of(kinds: tuple[Any, ...]) -> "HeldType":
    entries = []
    for kind in kinds[1:]:
        if not isinstance(kind, tuple):
            entries.append(_NUMBERS[kind])
        elif isinstance(kind[0], str):
            entries.append(types.Array(from_dtype(np.dtype(kind[0])), kind[1], "C"))
        else:
            entries.append(_type_of(kind).entries)
    return HeldType(types.NamedTuple(tuple(entries), kinds[0]))


def _layout(entries: Any) -> tuple[dict[str, int], int]:
    """Return the word at which each entry begins, and the number of words."""
    offsets, position = {}, 0
    for name, entry in zip(entries.instance_class._fields, entries.types, strict=True):
        offsets[name] = position
        if isinstance(entry, types.NamedTuple):
            position += _layout(entry)[1]
        elif isinstance(entry, types.Array):
            position += 2 + 2 * entry.ndim
        else:
            position += 1
    return offsets, position


def _write(held: Any, entries: Any, words: list[int]) -> None:
    """Append what describes the entries: of an array data, number of elements, shape and strides."""
    for value, entry in zip(held, entries.types, strict=True):
        if isinstance(entry, types.NamedTuple):
            _write(value, entry, words)
        elif isinstance(entry, types.Array):
            words += [value.ctypes.data, value.size, *value.shape, *value.strides]
        else:
            words.append(int(np.array(value, np.float64 if entry == types.float64 else np.int64).view(np.uint64)))


@register_model(HeldType)
class _HeldModel(models.OpaqueModel):
    """A pointer."""


@typeof_impl.register(Held)
def _typeof_held(value: Held, context: Any) -> HeldType:
    return value.type


@unbox(HeldType)
def _unbox_held(typ: HeldType, obj: Any, c: Any) -> NativeValue:
    address = c.pyapi.object_getattr_string(obj, "address")
    number = c.pyapi.long_as_voidptr(address)
    c.pyapi.decref(address)
    return NativeValue(number, is_error=cgutils.is_not_null(c.builder, c.pyapi.err_occurred()))


@infer_getattr
class _HeldAttributes(AttributeTemplate):
    key = HeldType

    def generic_resolve(self, held: HeldType, attribute: str) -> Any:
        if attribute not in held.offsets:
            return None
        entry = held.entries.types[held.entries.instance_class._fields.index(attribute)]
        return HeldType(entry) if isinstance(entry, types.NamedTuple) else entry


@lower_getattr_generic(HeldType)
def _lower_entry(context: Any, builder: Any, typ: HeldType, value: Any, attribute: str) -> Any:
    """Read an entry. Memory does not change, which lets the compiler move the reading out of loops."""
    entry = typ.entries.types[typ.entries.instance_class._fields.index(attribute)]
    start = typ.offsets[attribute]

    def pointer(word: int) -> Any:
        return builder.gep(value, [ir.Constant(ir.IntType(64), _WORD * (start + word))], inbounds=True)

    def read(word: int, kind: Any) -> Any:
        found = builder.load(builder.bitcast(pointer(word), kind.as_pointer()))
        found.set_metadata("invariant.load", builder.module.add_metadata([]))
        return found

    if isinstance(entry, types.NamedTuple):
        return pointer(0)
    if not isinstance(entry, types.Array):
        kind = context.get_value_type(entry)
        if isinstance(entry, types.Boolean):
            return builder.trunc(read(0, ir.IntType(64)), kind)
        return read(0, kind)
    word = context.get_value_type(types.intp)
    array = arrayobj.make_array(entry)(context, builder)
    size = context.get_constant(types.intp, context.get_abi_sizeof(context.get_data_type(entry.dtype)))
    axes = range(entry.ndim)
    arrayobj.populate_array(
        array,
        data=read(0, array.data.type),
        shape=cgutils.pack_array(builder, [read(2 + axis, word) for axis in axes]),
        strides=cgutils.pack_array(builder, [read(2 + entry.ndim + axis, word) for axis in axes]),
        itemsize=size,
        meminfo=None,
    )
    return array._getvalue()
