"""Limits on light mediators: computed from published observables, or recast from published tables."""

from nuportal.listing import callable_list


def _entries() -> dict[str, str]:
    from nuportal.limits.registry import limit, names

    abouts = {name: limit(name).about for name in names()}
    return {name: f"{a.plain_label} {a.observable} {a.group} {a.kind} {a.method}" for name, a in abouts.items()}


callable_list(__name__, _entries)
