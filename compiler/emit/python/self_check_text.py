"""The functions of the self-check that are the same in every file."""

from __future__ import annotations

GENERIC = r'''# --- the self-check: each derivative beside central differences of the values


def self_check():
    """(A table of the derivatives beside differences, 1 if one is wrong else 0)."""
    head = ("function", "points", "variable", "entries", "error", "worst")
    rows = [(*head, "exact", "difference", "verdict")]
    for place in range(len(check_cases(0))):
        rows += check_function(place)
    failed = len([row for row in rows if "FAILED" in row[8]])
    undecided = len([row for row in rows if "undecided" in row[8]])
    agree = f"{undecided} undecided, the others agree." if undecided else "All agree."
    widths = [sorted([len(row[k]) for row in rows])[-1] for k in range(8)]
    lines = ["Exact derivatives beside central differences, at random points."]
    lines += ["What stands in a branch that none of them takes is not checked.", ""]
    for row in rows:
        padded = ["%-*s" % (width, text) for width, text in zip(widths, row)]
        lines.append("  ".join([*padded, row[8]]))
    lines += ["", f"{failed} of {len(rows) - 1} FAILED" if failed else agree]
    return "\n".join(lines), 1 if failed else 0


def check_function(place):
    """The rows of one function: each variable's worst entry at all points."""
    name = check_cases(0)[place][0]
    smooth, kinks, worst = [], [], {}
    for attempt in range(45):
        try:
            found, kink = check_point(attempt, *check_cases(attempt)[place])
        except (ArithmeticError, IndexError, ValueError):
            continue  # not defined there, or not for these sizes
        points = kinks if kink else smooth
        points.append(found)
        if len(smooth) == 12 or len(smooth) * len(found) > 300:
            break
    points = smooth or kinks
    for variable, *row in sum(points, []):
        if variable not in worst or row[0] > worst[variable][0]:
            worst[variable] = row
    if len(points) == 0:
        return [(name, "0", "", "", "", "", "", "", "FAILED: not defined where tried")]
    rows = []
    for variable in worst:
        error, size, entry, exact, difference = worst[variable]
        count = f"20 of {size}" if size > 20 else f"all {size}"
        verdict = "ok" if error <= 1e-6 else "FAILED" if smooth else "FAILED at a kink?"
        verdict = "undecided: too few digits" if error < 0.0 else verdict
        numbers = ("%.9g" % exact, "%.9g" % difference)
        shown = "-" if error < 0.0 else "%.1g" % error
        start = (name, str(len(points)), variable, count, shown)
        rows.append((*start, entry, *numbers, verdict))
    return rows


def check_point(attempt, name, gradient_name, kinds, adjoints, wrt):
    """[(variable, error, size, entry, exact, difference)] at a random point, a kink?"""
    rng, given = Random(attempt), dict(kinds)
    for key in [key for key in kinds if key not in adjoints]:
        domain = attempt % 7 if attempt % 7 < 6 else int(6 * rng.random())
        spans = ((-1, 1), (0.1, 0.9), (-2, 2), (1.1, 2), (2, 6), (-6, -2))
        k = (attempt + attempt // 4 * len(given)) % 4
        whole = range(0 if attempt < 30 and kinds[key] != (int,) else k, k + 1)
        given[key] = check_draw(kinds[key], whole, spans[domain], rng)
    x = dict([(key, given[key]) for key in given if key not in adjoints])
    result, weights = check_call(name, list(x.values())), 1.0
    if len(adjoints) > 0:
        weights = check_like(result, rng)
        for key, one in zip(adjoints, weights if len(adjoints) > 1 else [weights]):
            given[key] = one
    value = check_value(name, x, weights)
    try:
        result, grads = check_call(gradient_name, list(given.values()))
    except (ArithmeticError, IndexError, ValueError):
        return [("(derivative)", inf, 1, "raises an error", nan, nan)], False
    again = check_total(result, weights)
    found, kinked = [("(value)", check_error(again, value), 1, "", again, value)], False
    parts, variables = grads if isinstance(grads, tuple) else (grads,), []
    if len(parts) != len(wrt):
        found.append(("(derivative)", inf, 1, f"{len(parts)} of {len(wrt)}", nan, nan))
    for key, part in zip(wrt, parts):
        if isinstance(key, list):  # the parameters
            slopes = [part[one] if one in part else None for one in key]
            variables += [(one, x["params"], slope) for one, slope in zip(key, slopes)]
        else:
            variables.append((key, x, part))
    for variable, row, part in variables:
        if check_shape_of(part) != check_shape_of(row[variable]):
            found.append((variable, inf, 1, "missing or misshapen", nan, nan))
            continue
        entries = check_entries(variable, row, variable, part)
        size = len(entries)
        if size > 20:  # one from each twentieth
            entries = [entries[int((k + rng.random()) * size / 20)] for k in range(20)]
        for entry, *where, exact in entries:
            difference, noise, jump = check_difference(name, x, weights, *where)
            error = check_error(exact, difference, noise)
            if error <= 1e-6 < noise / (1.0 + abs(exact)):
                error = -1.0  # nothing is told, and any other entry tells more
            kinked = kinked or (error > 1e-6 and abs(exact - difference) <= jump)
            found.append((variable, error, size, entry, exact, difference))
    return found, kinked


def check_error(exact, difference, noise=0.0):
    """The relative error that rounding noise does not explain; inf for nan."""
    gap, mean = abs(exact - difference), 0.5 * (abs(exact) + abs(difference))
    error = 0.0 if gap == 0.0 else gap / (mean + noise / 1e-6)
    return error if error == error else inf


def check_difference(name, x, weights, row, key):
    """(Derivative by row[key], its rounding, a kink's jump or inf where it wavers)."""
    middle, start = check_value(name, x, weights), row[key]
    best, doubt, coarse, bend = (nan, 0.0, 0.0), inf, nan, nan
    for step in (4e-4, 1e-4, 2.5e-5, 6.25e-6, 1.5625e-6):
        h = step if abs(start) < 1.0 else step * abs(start)
        row[key] = start + h
        up = check_value(name, x, weights)
        row[key] = start - h
        down = check_value(name, x, weights)
        size = 1.0 + abs(middle) + abs(start) ** 3  # of what may have cancelled
        fine, noise = (up - down) / (2.0 * h), 1.4e-14 * size / h
        correction = (fine - coarse) / 15.0  # Richardson's extrapolation
        before, bend = bend, abs(up - 2.0 * middle + down) / h
        if abs(correction) + noise < doubt:  # the steadiest step
            doubt = abs(correction) + noise
            jump = bend if bend > 0.5 * before else 0.0  # a curve's bend shrinks with h
            rough = abs(correction) > 1e-5 * abs(fine) + noise
            best = (fine + correction, noise, inf if rough else jump)
        coarse = fine
    row[key] = start
    return best


def check_value(name, x, weights):
    """A finite number: the function's value, arrays and several results weighted."""
    total = check_total(check_call(name, list(x.values())), weights)
    if total - total != 0.0:
        raise ArithmeticError("not a finite number")
    return total


def check_total(result, weight):
    """sum(weight * result), however deep they are nested."""
    if isinstance(result, (list, tuple)):
        return sum([check_total(*pair) for pair in zip(result, weight)])
    return weight * result


def check_like(result, rng):
    """Random numbers, nested as a result is."""
    if isinstance(result, (list, tuple)):
        return [check_like(one, rng) for one in result]
    return rng.uniform(-1, 1)


def check_entries(name, row, key, part):
    """[(entry, list, index, derivative)] of the numbers in row[key]."""
    if not isinstance(row[key], list):
        return [(name, row, key, part)]
    found = []
    for k in range(len(row[key])):
        found += check_entries(f"{name}[{k}]", row[key], k, part[k])
    return found


def check_shape_of(value):
    """How lists are nested; None for what is no number."""
    if isinstance(value, list):
        return [check_shape_of(one) for one in value]
    return 0 if isinstance(value, (int, float)) else None


def check_draw(kind, whole, span, rng):
    """Random numbers of a type and sizes; parameters are moved from their start."""
    if isinstance(kind, dict):
        return dict([(key, check_draw(kind[key], whole, span, rng)) for key in kind])
    if isinstance(kind, list):
        return [check_draw(one, whole, span, rng) for one in kind]
    if not isinstance(kind, tuple):
        return kind + 0.1 * rng.uniform(*span)
    if len(kind) > 1:
        if kind[1] < 1 and len(kind) > 2:
            raise ValueError("a matrix without rows does not tell how long they are")
        inner = (kind[0], *kind[2:])
        return [check_draw(inner, whole, span, rng) for _ in range(kind[1])]
    if kind[0] is int:
        return whole[int(len(whole) * rng.random())]
    return rng.uniform(*span)'''
REQUIRED = {  # what is another text where functions require something: more is tried, lists in order too
    "smooth, kinks, worst = [], [], {}\n": "smooth, kinks, worst, refused = [], [], {}, 0\n",
    "in range(45):": "in range(405):",
    """ValueError):
            continue  # not""": """ValueError) as error:
            refused += ": requires " in f"{error}"
            continue  # not""",
    """    if len(points) == 0:
""": """    if refused == 405:
        said = "undecided: no point was found that is as required"
        return [(name, "0", "", "", "", "", "", "", said)]
    if len(points) == 0:
""",
    "        domain = attempt % 7 if attempt % 7 < 6 else int(6 * rng.random())\n": "",
    """(2, 6), (-6, -2))
""": """(2, 6), (-6, -2))
        for number in check_numbers():
            spans = (*spans, (number - 1, number + 1), (number, 2 * number))
        mixed = attempt % 7 > 5 or attempt > 44
        domain = int(len(spans) * rng.random()) if mixed else attempt % 7
""",
    """        given[key] = check_draw(kinds[key], whole, spans[domain], rng)
""": """        if attempt > 44 and attempt % 2:  # around the numbers of what is required
            start = int(spans[domain][0])
            whole = range(start, start + 3)
        given[key] = check_draw(kinds[key], whole, spans[domain], rng)
        if attempt % 3 == 1 and isinstance(given[key], list):
            given[key] = sorted(given[key])
""",
    """            if error <= 1e-6 <""": """            if difference != difference:
                noise, error = inf, 0.0  # what is beside the point is refused
            if error <= 1e-6 <""",
    """        row[key] = start + h
        up = check_value(name, x, weights)
        row[key] = start - h
        down = check_value(name, x, weights)
""": """        try:
            row[key] = start + h
            up = check_value(name, x, weights)
            row[key] = start - h
            down = check_value(name, x, weights)
        except ValueError:
            continue
""",
}
GUARD = """

if __name__ == "__main__":
    table, status = self_check()
    print(table)
    raise SystemExit(status)"""
