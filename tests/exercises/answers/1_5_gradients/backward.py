# %% wrong: A parent reports once for each result. | feedback: Its two reports add up
def backward(result):
    found, waiting = {}, [result]
    while waiting:
        value = waiting.pop()
        if value.number not in found:
            found[value.number] = value
            waiting.extend(value.parents)
    order = [found[number] for number in sorted(found, reverse=True)]
    for value in order:
        if value.parents:
            value.grad = 0.0
    result.grad += 1.0
    for value in order:
        for parent, slope in dict(zip(value.parents, value.slopes, strict=True)).items():
            parent.grad += slope * value.grad

# %% wrong: The way back has the order of the way there. | feedback: the way back ended too early
def backward(result):
    found, waiting = {}, [result]
    while waiting:
        value = waiting.pop()
        if value.number not in found:
            found[value.number] = value
            waiting.extend(value.parents)
    order = [found[number] for number in sorted(found)]
    for value in order:
        if value.parents:
            value.grad = 0.0
    result.grad += 1.0
    for value in order:
        for parent, slope in zip(value.parents, value.slopes, strict=True):
            parent.grad += slope * value.grad

# %% wrong: The chain rule is a sum over paths, so one follows each of them. | feedback: You follow every path
def backward(result):
    def reset(value):
        if value.parents:
            value.grad = 0.0
        for parent in set(value.parents):
            reset(parent)

    def report(value, gradient):
        value.grad += gradient
        for parent, slope in zip(value.parents, value.slopes, strict=True):
            report(parent, slope * gradient)

    reset(result)
    report(result, 1.0)

# %% wrong: The gradient is handed on as it is. | feedback: multiply by the local slope
def backward(result):
    found, waiting = {}, [result]
    while waiting:
        value = waiting.pop()
        if value.number not in found:
            found[value.number] = value
            waiting.extend(value.parents)
    order = [found[number] for number in sorted(found, reverse=True)]
    for value in order:
        if value.parents:
            value.grad = 0.0
    result.grad += 1.0
    for value in order:
        for parent, slope in zip(value.parents, value.slopes, strict=True):
            parent.grad = value.grad

# %% wrong: Each arrow reports its own slope. | feedback: Multiply it by the gradient of the value
def backward(result):
    found, waiting = {}, [result]
    while waiting:
        value = waiting.pop()
        if value.number not in found:
            found[value.number] = value
            waiting.extend(value.parents)
    order = [found[number] for number in sorted(found, reverse=True)]
    for value in order:
        if value.parents:
            value.grad = 0.0
    result.grad += 1.0
    for value in order:
        for parent, slope in zip(value.parents, value.slopes, strict=True):
            parent.grad += slope

# %% wrong: Gradients are added up everywhere. | feedback: p still held its old gradient
def backward(result):
    found, waiting = {}, [result]
    while waiting:
        value = waiting.pop()
        if value.number not in found:
            found[value.number] = value
            waiting.extend(value.parents)
    order = [found[number] for number in sorted(found, reverse=True)]
    result.grad = 1.0
    for value in order:
        for parent, slope in zip(value.parents, value.slopes, strict=True):
            parent.grad += slope * value.grad

# %% wrong: The gradients come from the parents. | feedback: everything starts from there
def backward(result):
    found, waiting = {}, [result]
    while waiting:
        value = waiting.pop()
        if value.number not in found:
            found[value.number] = value
            waiting.extend(value.parents)
    order = [found[number] for number in sorted(found, reverse=True)]
    for value in order:
        if value.parents:
            value.grad = 0.0
    for value in order:
        for parent, slope in zip(value.parents, value.slopes, strict=True):
            parent.grad += slope * value.grad

# %% wrong: Any order will do, as long as each value comes once. | feedback: Serve the Values in the order of .number
# -    """Fill in .grad for all Values that result was made from."""
# -    found, waiting = {}, [result]
    order, waiting = [], [result]
# -        if value.number not in found:
# -            found[value.number] = value
        if all(value is not other for other in order):
            order.append(value)
# -    order = [found[number] for number in sorted(found, reverse=True)]

# %% wrong: A gradient is a result, and is written down. | feedback: Its two reports add up
def backward(result):
    found, waiting = {}, [result]
    while waiting:
        value = waiting.pop()
        if value.number not in found:
            found[value.number] = value
            waiting.extend(value.parents)
    order = [found[number] for number in sorted(found, reverse=True)]
    for value in order:
        if value.parents:
            value.grad = 0.0
    result.grad += 1.0
    for value in order:
        for parent, slope in zip(value.parents, value.slopes, strict=True):
            parent.grad = slope * value.grad

# %% wrong: The parents of the result are all there is. | feedback: the way back ended too early
def backward(result):
    result.grad = 1.0
    for parent in result.parents:
        if parent.parents:
            parent.grad = 0.0
    for parent, slope in zip(result.parents, result.slopes, strict=True):
        parent.grad += slope * result.grad

# %% wrong: Each report is passed on as soon as it comes in, with all that has come before. | feedback: e passed its gradient on more than once
def backward(result):
    found, waiting = {}, [result]
    while waiting:
        value = waiting.pop()
        found[value.number] = value
        waiting.extend(value.parents)
    for value in found.values():
        if value.parents:
            value.grad = 0.0
    result.grad += 1.0
    waiting = [result]
    while waiting:
        value = waiting.pop(0)
        for parent, slope in zip(value.parents, value.slopes, strict=True):
            parent.grad += slope * value.grad
            waiting.append(parent)

# %% wrong: Each backward starts from zero, as our first loop did. | feedback: You have set it back to 0
def backward(result):
    found, waiting = {}, [result]
    while waiting:
        value = waiting.pop()
        if value.number not in found:
            found[value.number] = value
            waiting.extend(value.parents)
    order = [found[number] for number in sorted(found, reverse=True)]
    for value in order:
        value.grad = 0.0
    result.grad = 1.0
    for value in order:
        for parent, slope in zip(value.parents, value.slopes, strict=True):
            parent.grad += slope * value.grad

# %% wrong: backward gives the result back. | feedback: backward returns nothing
def backward(result):
    found, waiting = {}, [result]
    while waiting:
        value = waiting.pop()
        if value.number not in found:
            found[value.number] = value
            waiting.extend(value.parents)
    order = [found[number] for number in sorted(found, reverse=True)]
    for value in order:
        if value.parents:
            value.grad = 0.0
    result.grad += 1.0
    for value in order:
        for parent, slope in zip(value.parents, value.slopes, strict=True):
            parent.grad += slope * value.grad
    return result

# %% wrong: Where a gradient is zero, or a Value is zero, nothing is to be passed on, and old gradients stay. | feedback: starts anew, from 0
def backward(result):
    order, seen = [], set()

    def visit(v):
        if v in seen:
            return
        seen.add(v)
        for parent, slope in zip(v.parents, v.slopes):
            if slope != 0:
                visit(parent)
        order.append(v)

    visit(result)
    for v in order:
        if v.parents:
            v.grad = 0.0
    result.grad = 1.0
    for v in reversed(order):
        for parent, slope in zip(v.parents, v.slopes):
            if slope != 0:
                parent.grad += slope * v.grad

# %% right: counts open reports
# A value is served when as many reports have come in as arrows leave it.


def backward(result):
    missing, waiting = {result: 0}, [result]
    while waiting:
        value = waiting.pop()
        for parent in value.parents:
            if parent not in missing:
                missing[parent] = 0
                waiting.append(parent)
            missing[parent] += 1
    for value in missing:
        if value.parents:
            value.grad = 0.0
    result.grad += 1.0
    ready = [result]
    while ready:
        value = ready.pop()
        for parent, slope in zip(value.parents, value.slopes, strict=True):
            parent.grad += slope * value.grad
            missing[parent] -= 1
            if missing[parent] == 0:
                ready.append(parent)

# %% right: recursive order
# The order comes from a recursion: parents before children, turned round.


def backward(result):
    order, seen = [], set()

    def visit(value):
        if value not in seen:
            seen.add(value)
            for parent in value.parents:
                visit(parent)
            order.append(value)

    visit(result)
    for value in order:
        if value.parents:
            value.grad = 0.0
    result.grad += 1.0
    for value in reversed(order):
        for parent, slope in zip(value.parents, value.slopes, strict=True):
            parent.grad += slope * value.grad

# %% wrong: Values with equal numbers are the same. | feedback: tell them apart by .number
# -        if value.number not in found:
# -            found[value.number] = value
        if value.data not in found:
            found[value.data] = value
# -    order = [found[number] for number in sorted(found, reverse=True)]
    order = sorted(found.values(), key=lambda value: -value.number)

# %% wrong: A leaf has no way back. | feedback: where the result is itself a leaf
# -    """Fill in .grad for all Values that result was made from."""
    if not result.parents:
        return

# %% wrong: The result keeps what it held. | feedback: What has parents starts anew
# -        if value.parents:
        if value.parents and value is not result:

# %% wrong: A gradient that is None counts as zero. | feedback: must be a number, and is None
# -    for value in order:
# -        if value.parents:
# -            value.grad = 0.0
# -    result.grad += 1.0
    for value in order:
        if value.parents:
            value.grad = 0.0
    result.grad = None
    for parent, slope in zip(result.parents, result.slopes):
        parent.grad += slope
    order = order[1:]

# %% wrong: The report is the slope times the number. | feedback: dL/de
# -            parent.grad += slope * value.grad
            parent.grad += slope * value.data

# %% wrong: Slopes below zero cancel nothing. | feedback: in a random expression
# -            parent.grad += slope * value.grad
            parent.grad += max(slope * value.grad, 0.0)

# %% wrong: Only what has parents needs a gradient. | feedback: the way back ended too early
# -            parent.grad += slope * value.grad
            if parent.parents:
                parent.grad += slope * value.grad

# %% wrong: The oldest Value comes first among the waiting. | feedback: Serve the Values in the order of .number
def backward(result):
    found, waiting = {}, [result]
    while waiting:
        value = waiting.pop(0)
        if value.number not in found:
            found[value.number] = value
            waiting.extend(value.parents)
    for value in found.values():
        if value.parents:
            value.grad = 0.0
    result.grad += 1.0
    for value in found.values():
        for parent, slope in zip(value.parents, value.slopes, strict=True):
            parent.grad += slope * value.grad

# %% right: a heap of numbers, and a helper named after_backward
import heapq


def after_backward(value, reports):
    if value.parents:
        value.grad = 0.0
    value.grad += reports


def backward(result):
    assert isinstance(result, Value)
    reports, known, heap = {result.number: 1.0}, {result.number: result}, [-result.number]
    while heap:
        value = known[-heapq.heappop(heap)]
        after_backward(value, reports[value.number])
        gradient = reports[value.number]
        for parent, slope in zip(value.parents, value.slopes, strict=True):
            if parent.number not in known:
                known[parent.number] = parent
                heapq.heappush(heap, -parent.number)
            reports[parent.number] = reports.get(parent.number, 0.0) + slope * gradient

# %% wrong: As in torch, the graph is freed on the way. | feedback: It fills in .grad only
def backward(result):
    nodes, todo = set(), [result]
    while todo:
        v = todo.pop()
        if v not in nodes:
            nodes.add(v)
            todo += v.parents
    for v in nodes:
        if v.parents:
            v.grad = 0.0
    result.grad = 1.0
    for v in sorted(nodes, key=lambda v: -v.number):
        for p, s in zip(v.parents, v.slopes):
            p.grad += v.grad * s
        v.parents, v.slopes = (), ()

# %% wrong: What was visited once need not be visited again. | feedback: does a global remember what the first backward visited
SEEN = set()


def backward(result):
    nodes, todo = [], [result]
    while todo:
        v = todo.pop()
        if v not in SEEN:
            SEEN.add(v)
            nodes.append(v)
            todo += v.parents
    for v in nodes:
        if v.parents:
            v.grad = 0.0
    result.grad = 1.0
    for v in sorted(nodes, key=lambda v: -v.number):
        for p, s in zip(v.parents, v.slopes):
            p.grad += v.grad * s

# %% wrong: A gradient that was passed on is done with. | feedback: before the way back, not on it
def backward(result):
    nodes, todo = set(), [result]
    while todo:
        v = todo.pop()
        if v not in nodes:
            nodes.add(v)
            todo += v.parents
    result.grad = 1.0
    for v in sorted(nodes, key=lambda v: -v.number):
        for p, s in zip(v.parents, v.slopes):
            p.grad += v.grad * s
        if v.parents and v is not result:
            v.grad = 0.0
