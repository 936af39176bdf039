# misconception: Each report is passed on as soon as it comes in, with all that has come before.
# feedback: e passed its gradient on more than once


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
