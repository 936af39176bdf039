# misconception: Any order will do, as long as each value comes once.
# feedback: Serve the Values in the order of .number


def backward(result):
    order, waiting = [], [result]
    while waiting:
        value = waiting.pop()
        if all(value is not other for other in order):
            order.append(value)
            waiting.extend(value.parents)
    for value in order:
        if value.parents:
            value.grad = 0.0
    result.grad += 1.0
    for value in order:
        for parent, slope in zip(value.parents, value.slopes, strict=True):
            parent.grad += slope * value.grad
