# misconception: The way back has the order of the way there.
# feedback: the way back ended too early


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
